import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { record } from '../core/usage/records.ts';
import { program } from '../program/program.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'leastwise-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const leastwise = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

const file = (name: string, content: unknown): string => {
  writeFileSync(join(folder, name), JSON.stringify(content));
  return join(folder, name);
};
const rows = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const url = 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com/slack';

test('the manifest has the address that the stack gave, and three scopes', async () => {
  const outputs = file('outputs.json', { Leastwise: { SlackRequestUrl1A2B3C4D: url }, Other: {} });
  const { code, out } = await leastwise('slack-manifest', '--outputs', outputs);
  const manifest = JSON.parse(out);
  expect(code).toBe(0);
  expect(manifest.settings.interactivity).toEqual({
    is_enabled: true,
    request_url: url,
    message_menu_options_url: `${url}/options`,
  });
  expect(manifest.settings.event_subscriptions).toEqual({ request_url: url, bot_events: ['app_home_opened'] });
  expect(manifest.features.app_home).toEqual({ home_tab_enabled: true, messages_tab_enabled: false });
  expect(manifest.features.slash_commands).toEqual([expect.objectContaining({ command: '/leastwise', url })]);
  expect(manifest.oauth_config).toEqual({
    scopes: { bot: ['chat:write', 'commands', 'files:write', 'users:read', 'channels:history'] },
  });
});

test('in a private channel it reads that kind of history alone', async () => {
  const outputs = file('outputs.json', { Leastwise: { SlackRequestUrl1A2B3C4D: url } });
  const { out } = await leastwise('slack-manifest', '--private-channel', '--outputs', outputs);
  expect(JSON.parse(out).oauth_config.scopes.bot).toEqual([
    'chat:write',
    'commands',
    'files:write',
    'users:read',
    'groups:history',
  ]);
});

test.each([
  ['of another stack', { Other: { Address: url } }],
  ['without https', { Leastwise: { SlackRequestUrl1A2B3C4D: 'http://a1b2c3/slack' } }],
  ['that are no object', 7],
])('outputs %s are refused with how to write them', async (_, content) => {
  const { code, out, err } = await leastwise('slack-manifest', '--outputs', file('outputs.json', content));
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('cdk deploy Leastwise --outputs-file');
});

const reader = 'arn:aws:iam::111122223333:role/api';
const call = (eventID: string, eventName: string, more: object) =>
  record({ eventID, eventName, readOnly: true, ...more });
const secret = {
  eventSource: 'secretsmanager.amazonaws.com',
  userIdentity: {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLEAPI0000001:i-1',
    arn: 'arn:aws:sts::111122223333:assumed-role/api/i-1',
    accountId: '111122223333',
    sessionContext: { sessionIssuer: { type: 'Role', principalId: 'AROAEXAMPLEAPI0000001', arn: reader } },
  },
};

test('fast-lane says what share each width lets through, and who reads most', async () => {
  const log = file('log.json', {
    Records: [
      call('a', 'GetSecretValue', secret),
      call('b', 'GetSecretValue', secret),
      call('c', 'DescribeInstances', { eventSource: 'ec2.amazonaws.com' }),
      call('d', 'CreateTags', { eventSource: 'ec2.amazonaws.com', readOnly: false }),
    ],
  });
  const { code, out } = await leastwise('fast-lane', log);
  expect(code).toBe(0);
  expect(rows(out).map(({ rules: _, ...row }) => row)).toEqual([
    { width: 'prompt', records: 4, forwarded: 2, percent: 50 },
    { width: 'changes', records: 4, forwarded: 3, percent: 75 },
    { width: 'everything', records: 4, forwarded: 4, percent: 100 },
    { reader, forwarded: 2, percent: 50 },
  ]);
  const named = await leastwise('fast-lane', log, '--constant-reader', reader);
  expect(rows(named.out)[0]).toMatchObject({ forwarded: 0 });
});

const invictus = join(root, '../shared/data/cloudtrail/invictus');
const onThatLog = existsSync(invictus) ? test : test.skip;

onThatLog(
  'of a public log of attacks, an eighth takes the fast lane (skipped where ../shared is not there)',
  async () => {
    const [prompt] = rows((await leastwise('fast-lane', invictus)).out);
    expect(prompt.records).toBe(2900);
    expect(prompt.percent).toBeGreaterThan(10);
    expect(prompt.percent).toBeLessThan(15);
  },
);
