import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { program } from '../program/program.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const leastwise = async (...args: string[]) =>
  (await run(process.execPath, [program, ...args], { cwd: root, maxBuffer: 1 << 26 })).stdout;

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

function record(
  eventID: string,
  eventTime: string,
  service: string,
  eventName: string,
  requestParameters: unknown = null,
) {
  return {
    eventVersion: '1.09',
    eventID,
    eventTime,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: 'eu-west-1',
    sourceIPAddress: '203.0.113.7',
    userAgent: 'aws-cli/2.0',
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    requestParameters,
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAALICE00000000000',
      arn: 'arn:aws:iam::111122223333:user/alice',
      accountId: '111122223333',
      userName: 'alice',
    },
  };
}

const before = [
  record('b1', '2026-01-05T09:00:00Z', 's3', 'ListBuckets'),
  record('b2', '2026-01-20T09:00:00Z', 'iam', 'CreateRole'),
];
const events = [
  record('e1', '2026-02-02T09:00:00Z', 'iam', 'ListUsers'),
  record('e2', '2026-02-02T09:01:00Z', 'iam', 'CreateUser', { userName: 'eve' }),
  record('e3', '2026-02-02T09:02:00Z', 'iam', 'CreateAccessKey', { userName: 'eve' }),
  record('e4', '2026-02-02T09:03:00Z', 'iam', 'CreateRole', { roleName: 'r' }),
  record('e5', '2026-02-03T09:00:00Z', 'cloudtrail', 'StopLogging', { name: 't' }),
];

function file(name: string, records: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ Records: records }));
  return path;
}

const baseline = file('baseline.json', before);

test('a line a case, in event time, keys in the order of the contract, and the summary last', async () => {
  const lines = (await leastwise('replay', file('all.json', events), '--baseline', baseline)).trimEnd().split('\n');
  const [first, second, summary, ...rest] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rest).toEqual([]);
  const keys = ['alert', 'time', 'principal', 'actor', 'level', 'score', 'first', 'eventIDs'];
  expect([Object.keys(first!), Object.keys(second!)]).toEqual([keys, keys]);
  expect(first).toMatchObject({
    time: '2026-02-02T09:00:00Z',
    principal: 'AIDAALICE00000000000',
    actor: 'arn:aws:iam::111122223333:user/alice',
    level: 'message',
    eventIDs: ['e1', 'e2', 'e3'],
  });
  expect(second).toMatchObject({ time: '2026-02-03T09:00:00Z', level: 'message', eventIDs: ['e5'] });
  for (const line of lines.slice(0, 2)) expect(line).toMatch(/"score":\d+\.\d{2},/);
  expect(lines[2]).toBe(
    '{"summary":{"events":5,"rejected":0,"unmapped":0,"actors":1,"actions":5,"alerts":2,"messages":2}}',
  );
  expect(summary).toBeDefined();
});

test('any order, split and repetition gives the same bytes', async () => {
  const whole = await leastwise('replay', file('whole.json', events), '--baseline', baseline);
  const pieces = [...events].reverse().map((each, i) => file(`piece-${i}.json`, [each, each]));
  expect(
    await leastwise(
      'replay',
      ...pieces,
      pieces[0]!,
      '--baseline',
      ...before.map((each, i) => file(`old-${i}.json`, [each])),
    ),
  ).toBe(whole);
});

test('what stands in the baseline too is not told', async () => {
  const both = file('both.json', events);
  const lines = (await leastwise('replay', both, '--baseline', baseline, both)).trimEnd().split('\n');
  expect(lines).toEqual([expect.stringContaining('"alerts":0,"messages":0')]);
});

test('people get sentences', async () => {
  const text = await leastwise('replay', '--format', 'table', file('table.json', events), '--baseline', baseline);
  expect(text).toContain('alice stopped logging (cloudtrail:StopLogging), which is always told');
  expect(text).toContain('2 alerts, 2 of them messages');
});

const invictus = join(root, '../shared/data/cloudtrail/invictus');
const withInvictus = existsSync(invictus) ? test : test.skip;
if (!existsSync(invictus))
  console.warn('Not checked: the public log ../shared/data/cloudtrail/invictus is not on this machine.');

withInvictus(
  'the public log with an attack in it: everything is read, the attack is told, its noise is not',
  async () => {
    const out = await leastwise('replay', invictus);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-1)).toMatchObject({ summary: { events: 2900, rejected: 0, actors: 20 } });
    const alerts = lines.slice(0, -1);
    expect(alerts.length).toBeLessThan(10);
    expect(alerts).toContainEqual(
      expect.objectContaining({ actor: 'arn:aws:iam::123837392027:user/bert-jan', level: 'message' }),
    );
    expect(alerts.map(({ actor }) => actor)).not.toContain('arn:aws:iam::123837392027:user/benjamin');
    const files = readdirSync(invictus)
      .filter((name) => name.endsWith('.gz'))
      .map((name) => join(invictus, name));
    expect(await leastwise('replay', ...files.reverse(), ...files.slice(0, 20))).toBe(out);
  },
  60_000,
);

test('with --format ocsf every case is one Detection Finding, and nothing else stands beside them', async () => {
  const lines = (
    await leastwise('replay', file('told.json', events), '--baseline', file('old.json', before), '--format', 'ocsf')
  )
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { class_uid: number; finding_info: { uid: string }; is_alert: boolean });
  expect(lines.map(({ class_uid, is_alert }) => [class_uid, is_alert])).toEqual([
    [2004, true],
    [2004, true],
  ]);
  expect(new Set(lines.map(({ finding_info }) => finding_info.uid)).size).toBe(2);
});
