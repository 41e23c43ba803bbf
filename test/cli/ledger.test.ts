import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { record } from '../core/usage/records.ts';
import { program, shim } from '../program/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'leastwise-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs the command as a person would, from a folder that is not the checkout. */
const leastwise = (args: readonly string[], input?: string): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { cwd: folder, maxBuffer: 1 << 28 };
    const child = execFile(process.execPath, [program, ...args], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
    child.stdin?.end(input ?? '');
  });

const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const alice = {
  principal: 'AIDAEXAMPLEALICE00001',
  arn: 'arn:aws:iam::111122223333:user/alice',
  actor: 'arn:aws:iam::111122223333:user/alice',
};
const denied = record({
  eventID: 'denied',
  eventName: 'PutObject',
  errorCode: 'AccessDenied',
  eventTime: '2026-02-01T00:00:00Z',
});
const used = record({ eventID: 'used', eventTime: '2026-01-15T00:00:00Z' });
const again = record({ eventID: 'again', eventTime: '2026-01-16T00:00:00Z', sourceIPAddress: '203.0.9.9' });

test('rows have the keys of the contract in its order, and are sorted by bytes', async () => {
  const { code, out, err } = await leastwise(['ledger', file('a.json', JSON.stringify([denied, used, again]))]);
  expect(code).toBe(0);
  expect(err).toBe('3 events from 1 files, 0 rejected\n');
  const lines = out.trimEnd().split('\n');
  expect(lines).toEqual([...lines].sort());
  expect(lines).toContain(
    JSON.stringify({
      v: 1,
      ...alice,
      facet: { kind: 'action', action: 's3:GetObject' },
      outcome: 'used',
      trust: 'trusted-by-operator',
      first: { time: '2026-01-15T00:00:00Z', eventID: 'used' },
      last: '2026-01-16',
      days: ['2026-01-15', '2026-01-16'],
    }),
  );
  expect(
    lines.map((line) => JSON.parse(line)).map(({ facet, outcome }) => [facet.kind, facet.action, facet.value, outcome]),
  ).toEqual(
    expect.arrayContaining([
      ['action', 's3:PutObject', undefined, 'denied'],
      ['network', undefined, '203.0.0.0/16', 'used'],
      ['network', undefined, '203.0.0.0/16', 'denied'],
      ['agent', undefined, 'aws-cli', 'used'],
      ['region', undefined, 'eu-west-1', 'used'],
      ['resource', 's3:GetObject', 'arn:aws:s3:::reports/q1.csv', 'used'],
    ]),
  );
}, 30_000);

test('actions gives every accepted event once, with the keys of the contract in its order', async () => {
  const { out } = await leastwise(
    ['actions', '-'],
    [used, used, denied].map((each) => JSON.stringify(each)).join('\n'),
  );
  expect(out.trimEnd().split('\n')).toEqual([
    `{"eventID":"denied","principal":"${alice.principal}","actor":"${alice.actor}","outcome":"denied","actions":[{"action":"s3:PutObject","resources":["arn:aws:s3:::reports/q1.csv"],"certain":true}]}`,
    `{"eventID":"used","principal":"${alice.principal}","actor":"${alice.actor}","outcome":"used","actions":[{"action":"s3:GetObject","resources":["arn:aws:s3:::reports/q1.csv"],"certain":true}]}`,
  ]);
}, 30_000);

test('rejected records are told on stderr and are a failure only under --strict', async () => {
  const path = file('bad.json', JSON.stringify([used, record({ eventID: undefined })]));
  const told = `rejected ${path} #1: no-event-id: eventID is missing\n1 events from 1 files, 1 rejected: no-event-id 1\n`;
  expect(await leastwise(['ledger', path])).toMatchObject({ code: 0, err: told });
  expect(await leastwise(['ledger', '--strict', path])).toMatchObject({ code: 1, err: told });
}, 60_000);

test.each([
  ['a path that is not there', ['ledger', 'absent.json'], 'absent.json: no such file or folder'],
  ['no path', ['ledger'], "missing required argument 'path'"],
  ['an unknown format', ['ledger', '--format', 'xml', '-'], 'ndjson, table'],
  ['an unknown command', ['legder'], "unknown command 'legder'"],
])(
  '%s is exit 1 with a clear word and nothing on stdout',
  async (_, args, word) => {
    const { code, out, err } = await leastwise(args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(word);
  },
  30_000,
);

test('a checkout runs its sources as they are, from any folder', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [shim, 'ledger', '--help'], { cwd: folder });
  expect(stdout).toContain('Examples:');
}, 30_000);

test('help has examples', async () => {
  expect((await leastwise(['ledger', '--help'])).out).toContain('Examples:');
}, 30_000);

test('a table is for people', async () => {
  const { out } = await leastwise([
    'ledger',
    '--format',
    'table',
    '--no-resources',
    file('t.json', JSON.stringify(used)),
  ]);
  expect(out.split('\n')[0]).toMatch(/^WHO +WHAT +VALUE +OUTCOME +FIRST +LAST +DAYS$/);
  expect(out).toContain('s3:GetObject');
  expect(out).not.toContain('q1.csv');
}, 30_000);

test('a reader who stops early is no fault', async () => {
  const many = Array.from({ length: 30_000 }, (_, i) => JSON.stringify({ ...used, eventID: `e${i}` })).join('\n');
  const child = spawn(process.execPath, [program, 'actions', file('many.ndjson', many)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, err }).toEqual({ code: 0, err: '30000 events from 1 files, 0 rejected\n' });
}, 60_000);

const invictus = join(import.meta.dirname, '../../../shared/data/cloudtrail/invictus');
const present = existsSync(invictus);
if (!present) console.warn('Not checked: ../shared/data/cloudtrail/invictus is not on this machine.');

(present ? test : test.skip)(
  'a real log gives the same bytes in any order, twice over, or cut into single records',
  async () => {
    const files = readdirSync(invictus)
      .filter((name) => name.endsWith('.gz'))
      .map((name) => join(invictus, name));
    const records = files.flatMap((path) => JSON.parse(gunzipSync(readFileSync(path)).toString()).Records as unknown[]);
    const single = file(
      'single.ndjson.gz',
      gzipSync(
        records
          .reverse()
          .map((each) => JSON.stringify(each))
          .join('\n'),
      ),
    );
    const expected = await leastwise(['ledger', invictus]);
    expect(expected.err).toContain('2900 events from 55 files, 0 rejected');
    expect(expected.out.length).toBeGreaterThan(10_000);
    const others = await Promise.all([
      leastwise(['ledger', ...[...files].reverse()]),
      leastwise(['ledger', ...files, ...[...files].reverse()]),
      leastwise(['ledger', single]),
    ]);
    expect(others.map(({ out }) => out === expected.out)).toEqual([true, true, true]);
  },
  120_000,
);
