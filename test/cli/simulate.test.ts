import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { program } from '../program/program.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  code: number;
  out: string;
  words: string;
}

const leastwise = (args: readonly string[], input = ''): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], { cwd: root }, (error, out, words) =>
      resolve({ code: error ? Number(error.code) : 0, out, words }),
    );
    child.stdin?.end(input);
  });

const request = {
  principal: 'arn:aws:iam::111122223333:user/ann',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::b/k',
  resourceAccount: '111122223333',
  context: {},
};
const policy = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const allow = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
const onVpc = { ...allow, Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } };
const allowed = { id: 'one', request, identityPolicies: [policy(allow)], scps: [[policy(allow)]], expected: 'allowed' };
const conditional = {
  id: 'two',
  request: { ...request, unknownContext: ['aws:SourceVpc'] },
  identityPolicies: [policy(onVpc)],
  expected: 'conditional',
};
const nothing = { id: 'three', request, identityPolicies: [], expected: 'implicit-deny' };

const lines = [
  '{"id":"one","decision":"allowed","because":[{"layer":"scps","policy":"0.0","statement":0,"effect":"Allow"},{"layer":"identityPolicies","policy":0,"statement":0,"effect":"Allow"}],"when":null}',
  '{"id":"two","decision":"conditional","because":[{"layer":"identityPolicies","policy":0,"statement":0,"effect":"Allow"}],"when":{"condition":{"operator":"StringEquals","key":"aws:SourceVpc","values":["vpc-1"]},"witness":{"aws:SourceVpc":"vpc-1"}}}',
  '{"id":"three","decision":"implicit-deny","because":[],"when":null}',
  '',
].join('\n');

let files = 0;
function file(content: string | Buffer): string {
  files += 1;
  const path = join(folder, `cases-${files}.json`);
  writeFileSync(path, content);
  return path;
}

const cases = [allowed, conditional, nothing];

test.each([
  ['{"cases":[…]}', JSON.stringify({ about: 'x', cases }, null, 2)],
  ['a list', JSON.stringify(cases)],
  ['one a line', cases.map((each) => JSON.stringify(each)).join('\n')],
  ['gzip', gzipSync(JSON.stringify(cases))],
])('%s is answered in input order, keys in the order of the contract', async (_, content) => {
  expect(await leastwise(['simulate', file(content)])).toEqual({ code: 0, out: lines, words: '' });
});

test('one case is answered, from standard input too', async () => {
  expect((await leastwise(['simulate', '-'], JSON.stringify(nothing))).out).toBe(
    '{"id":"three","decision":"implicit-deny","because":[],"when":null}\n',
  );
});

test('--check tells what differs and exits with 3, advisory cases aside', async () => {
  const other = { ...nothing, expected: 'allowed' };
  const advisory = { ...other, id: 'four', advisory: true };
  expect(await leastwise(['simulate', '--check', file(JSON.stringify(cases))])).toMatchObject({ code: 0 });
  expect(await leastwise(['simulate', '--check', file(JSON.stringify([allowed, advisory]))])).toMatchObject({
    code: 0,
  });
  const { code, words } = await leastwise(['simulate', '--check', file(JSON.stringify([allowed, other, advisory]))]);
  expect(code).toBe(3);
  expect(words).toContain('three allowed implicit-deny\n');
});

test('what AWS would not save is named by layer and place, and the others go on', async () => {
  const broken = { ...allowed, id: 'bad', scps: [[policy(allow), policy({ ...allow, Effect: 'Maybe' })]] };
  const { code, out, words } = await leastwise(['simulate', file(JSON.stringify([broken, nothing]))]);
  expect(code).toBe(0);
  expect(out.split('\n')[0]).toBe('{"id":"bad","decision":"invalid-policy","because":[],"when":null}');
  expect(out.split('\n')[1]).toContain('"id":"three"');
  expect(words).toContain('bad: scps 0.1 is no policy that AWS saves: Statement[0].Effect must be Allow or Deny');
});

test('an element written twice is seen, though JSON readers keep only one', async () => {
  const twice = JSON.stringify(allowed).replace('"Effect":"Allow"', '"Effect":"Deny","Effect":"Allow"');
  expect((await leastwise(['simulate', file(twice)])).out).toContain('"decision":"invalid-policy"');
});

test('what is no case is a fault, and the others are answered', async () => {
  const { code, out, words } = await leastwise(['simulate', file(JSON.stringify([{ id: 'x' }, nothing]))]);
  expect(code).toBe(1);
  expect(out).toContain('"id":"three"');
  expect(words).toContain('case 1 cannot be read: x: has no request');
  const broken = await leastwise(['simulate', file('{"cases":')]);
  expect(broken).toMatchObject({ code: 1, out: '' });
  expect(broken.words).toContain('holds no cases: it is not JSON');
  expect(await leastwise(['simulate', join(folder, 'absent.json')])).toMatchObject({ code: 1, out: '' });
});

test('people get a table', async () => {
  expect((await leastwise(['simulate', '--format', 'table', file(JSON.stringify(cases))])).out).toContain(
    'three  implicit-deny',
  );
});

const shared = '../shared/cases/access.json';
const present = existsSync(join(root, shared));
if (!present) console.warn(`Not checked: ${shared} is not on this machine.`);
(present ? test : test.skip)('the shared cases are answered as expected', async () => {
  expect(await leastwise(['simulate', shared, '--check'])).toMatchObject({ code: 0 });
});
