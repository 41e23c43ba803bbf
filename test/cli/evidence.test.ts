import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditObject } from '../../core/audit/verify.ts';
import { auditedWorld, auditKey, writeObjects } from '../usecases/audited-world.ts';
import { leastwise } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'leastwise-evidence-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const read = (out: string, name: string) => readFileSync(join(folder, out, name), 'utf8');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What somebody may type into a form. */
const reason = `=HYPERLINK("http://x")</td><script>alert('1')</script>\u202egnp.exe\n@SUM(A1)`;
let objects: readonly AuditObject[];
let lent: string;
let key: string;
let bucket: string;

beforeAll(async () => {
  ({ objects, lent } = await auditedWorld(reason));
  key = file('audit.pem', auditKey);
  bucket = writeObjects(join(folder, 'bucket'), objects);
});

const write = (out: string, ...more: readonly string[]) =>
  leastwise('evidence', bucket, '--from', '2025-06-15', '--to', '2025-06-15', '--out', join(folder, out), ...more);

/** Rows of a CSV as a spreadsheet reads them. */
function csv(out: string): Record<string, string>[] {
  const lines = read(out, 'evidence.csv').split('\r\n').slice(0, -1);
  const [head = [], ...rows] = lines.map((line) =>
    [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, cell = '']) => cell.replaceAll('""', '"')),
  );
  return rows.map((cells) => Object.fromEntries(head.map((name, index) => [name, cells[index] ?? ''])));
}

test('who approved, was granted and lost what, with who asked, why, and the manifest that signed it', async () => {
  const { code, err } = await write('whole', '--public-key', key);
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('0 findings\nno --sign-key') });
  const rows = csv('whole');
  const of = (section: string) => rows.filter((row) => row.section === section);
  expect(of('approvals').map(({ who, what, kind }) => [who, what, kind])).toEqual([
    ['ben', 'approved', 'lending'],
    ['ben', 'approved, and somebody else has to as well', 'rightsizing'],
    ['cyd', 'approved', 'rightsizing'],
    ['ben', 'approved lifting it, and somebody else has to as well', 'rightsizing'],
    ['cyd', 'approved lifting it', 'rightsizing'],
    ['ben', 'denied', 'lending'],
  ]);
  expect(of('grants')).toEqual([
    expect.objectContaining({
      what: 'access lent, and read back',
      requester: 'ada',
      beneficiary: 'ada',
      why: expect.stringMatching(
        /^'=HYPERLINK\("http:\/\/x"\).*\(s3:GetObject on arn:aws:s3:::reports\/\* for 60 minutes\)$/,
      ),
      approvals: expect.stringMatching(/^ben, rule leads, 2025-06-15T/),
      proof: expect.stringMatching(/^signed by manifest 1 of 2025-06-15T/),
    }),
    expect.objectContaining({
      what: 'permissions given back as they were, and read back',
      requester: 'dan',
      why: 'the nightly job needs it',
      approvals: expect.stringMatching(/^ben, .*; cyd, /),
      proof: expect.stringMatching(/^signed by manifest 2/),
    }),
  ]);
  expect(of('revocations').map(({ who, why }) => [who, why?.startsWith('early; ')])).toContainEqual(['ada', true]);
  expect(of('removals').map(({ what, approvals }) => [what, approvals?.includes('cyd')])).toEqual([
    ['permissions removed, and read back', true],
  ]);
  expect(of('refusals')).toMatchObject([
    { who: 'ada', what: 'decision refused', why: expect.stringContaining('self') },
  ]);
  expect(of('switches')).toMatchObject([{ who: 'ben', account: '111122223333' }]);
});

test('the page is text from whoever typed it, loads nothing, and says that it is not signed', async () => {
  await write('whole', '--public-key', key);
  const html = read('whole', 'evidence.html');
  expect(html).not.toMatch(/<script|<img|<a |<link|<iframe| on\w+=|url\(|@import/i);
  expect(html).toContain('&lt;script&gt;alert(&#39;1&#39;)');
  expect(html).toContain('\\u{202e}gnp.exe\\u{a}@SUM');
  expect(html).not.toContain('\u202e');
  expect(html).toContain('is not signed');
  for (const { why } of csv('whole')) expect(why).not.toMatch(/^\s*[=+\-@]/);
});

test('the same bucket and period give the same bytes, and the digests fit', async () => {
  await write('whole', '--public-key', key);
  await write('again', '--public-key', key);
  for (const name of ['evidence.html', 'evidence.csv', 'evidence.json'])
    expect(read('again', name)).toBe(read('whole', name));
  const { sha256: digests } = JSON.parse(read('whole', 'evidence.json'));
  for (const name of ['evidence.html', 'evidence.csv']) expect(digests[name]).toBe(sha256(read('whole', name)));
});

test.each([
  ['rsa', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['ed25519', generateKeyPairSync('ed25519')],
])('a key of kind %s signs it, and a later report without a key leaves no signature behind', async (kind, pair) => {
  const pem = file('me.pem', pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const { err } = await write('signed', '--public-key', key, '--sign-key', pem);
  const fingerprint = /SHA-256 ([0-9a-f]{64})/.exec(err)?.[1];
  expect(read('signed', 'evidence.html')).toContain(fingerprint);
  const signature = readFileSync(join(folder, 'signed/evidence.json.sig'));
  const half = createPublicKey(read('signed', 'evidence.pem'));
  const holds = (text: string) => verify(kind === 'rsa' ? 'sha256' : null, Buffer.from(text), half, signature);
  expect([holds(read('signed', 'evidence.json')), holds(`${read('signed', 'evidence.json')} `)]).toEqual([true, false]);
  await write('signed', '--public-key', key);
  expect(existsSync(join(folder, 'signed/evidence.json.sig'))).toBe(false);
});

test('what is in a chain that is not whole, or is not signed yet, is listed and does not count', async () => {
  const tampered = objects.map((each) =>
    each.key === `audit/change/${lent}/0000000001` ? { ...each, text: each.text.replace('"ada"', '"eve"') } : each,
  );
  const where = writeObjects(
    join(folder, 'tampered'),
    tampered.filter(({ key: at }) => at !== 'manifests/0000000002'),
  );
  const out = join(folder, 'bad');
  const { code } = await leastwise(
    ...['evidence', where, '--from', '2025-06-01', '--to', '2025-07-01T00:00:00Z', '--out', out, '--public-key', key],
  );
  expect(code).toBe(3);
  const rows = csv('bad');
  const about = rows.filter(({ aggregate }) => aggregate === `change/${lent}`);
  expect(about.length).toBeGreaterThan(0);
  for (const row of about)
    expect([row.section, row.proof]).toEqual([
      expect.stringMatching(/^unverified /),
      expect.stringContaining('event 1 was changed'),
    ]);
  const loan = rows.find(({ what }) => what === 'access lent, and read back');
  expect(loan).toMatchObject({
    section: 'grants',
    requester: '',
    why: '',
    approvals: `not verified: change/${lent} is not whole`,
  });
  const unsigned = rows.filter(({ proof }) => proof === 'not signed yet');
  expect(unsigned.length).toBeGreaterThan(5);
  for (const { section } of unsigned) expect(section).toMatch(/^unverified /);
  expect(read('bad', 'evidence.html')).toContain('The audit is not whole');
});

test('without a public key the chains count, and it is said that no signature was checked', async () => {
  const { code, err } = await write('unkeyed');
  expect(code).toBe(0);
  expect(err).toContain('signatures of the audit were not checked');
  expect(new Set(csv('unkeyed').map(({ proof }) => proof))).toEqual(
    new Set(['chain of hashes; no signature was checked']),
  );
  expect(read('unkeyed', 'evidence.html')).toContain('signatures were not');
});

test('outside of the period there is nothing, and a period that is none is wrong usage', async () => {
  const asked = (from: string, to: string) =>
    leastwise('evidence', bucket, '--from', from, '--to', to, '--out', join(folder, 'none'));
  expect((await asked('2025-06-14', '2025-06-14')).err).toContain('0 rows, 0 not verified');
  expect((await asked('2025-06-16', '2025-06-14')).err).toContain('is not before');
  expect((await asked('2025-13-01', '2025-06-14')).err).toContain('no such day');
  expect((await asked('spring', '2025-06-14')).err).toContain('write it like');
  const pem = file('public.pem', auditKey);
  expect((await write('none', '--sign-key', pem)).err).toContain('no private key in PEM');
});
