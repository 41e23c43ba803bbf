import { gunzipSync, gzipSync } from 'node:zlib';
import { plainIn, textOf } from '../../adapters/files/unzip.ts';
import { memoryLedgerStore } from '../../adapters/memory/ledger-store.ts';
import type { AccountId, PrincipalId } from '../../core/identity/principal.ts';
import { ok } from '../../core/result.ts';
import { type Day, type Instant, plusSeconds } from '../../core/time.ts';
import { rankBy } from '../../core/usage/bounded.ts';
import { sha256Of } from '../../core/usage/digest.ts';
import type { Rejection } from '../../core/usage/event.ts';
import { type Deps, recordUsage } from '../../usecases/record-usage.ts';
import { record } from '../core/usage/records.ts';
import { type MadeDigest, makeDigest, type StoredFile, signingKey } from '../core/usage/signed-digests.ts';

const [account, region, bucket] = ['111122223333' as AccountId, 'eu-west-1', 'org-trail'];
const trail = { bucket, prefix: 'all', organization: 'o-example1234' };
const root = 'all/AWSLogs/o-example1234';
const logKey = (name: string) => `${root}/${account}/CloudTrail/${region}/2026/03/01/${name}.json.gz`;
const alice = 'AIDAEXAMPLEALICE00001' as PrincipalId;
const signer = signingKey();
const day = '2026-03-01' as Day;

/** The digest of 10:01:31 to 11:01:31, and the one before. */
const end = '2026-03-01T11:01:31Z' as Instant;

function setUp(changes: Partial<Deps> = {}) {
  const ledger = memoryLedgerStore({ rank: rankBy('test') });
  const objects = new Map<string, StoredFile>();
  const kept: Rejection[] = [];
  const asked: string[] = [];
  const record = recordUsage({
    ledger,
    readObject: async () => ok(''),
    keepRejections: async (rejections) => {
      kept.push(...rejections);
    },
    now: () => '2026-03-01T12:00:00Z' as Instant,
    setKey: 'test',
    resources: false,
    trail,
    digests: {
      read: async ({ bucket: name, key }) => {
        const object = name === bucket ? objects.get(key) : undefined;
        if (object === undefined) return undefined;
        const plain = plainIn(object.bytes);
        if (!plain.ok) return plain;
        return ok({ text: textOf(plain.value), sha256: sha256Of(plain.value), metadata: object.metadata });
      },
      keys: async (of, from, to) => {
        asked.push(`${of} ${from} ${to}`);
        return [signer.public];
      },
    },
    ...changes,
  });
  const deliver = (...keys: readonly string[]) =>
    record(keys.map((key) => ({ id: key, lane: 'full' as const, bucket, key })));
  const put = ({ key, file }: MadeDigest) => {
    objects.set(key, file);
    return key;
  };
  const log = (name: string, ...records: readonly unknown[]) => {
    const text = JSON.stringify({ Records: records });
    objects.set(logKey(name), { bytes: gzipSync(text), metadata: {} });
    return { key: logKey(name), text };
  };
  const trustOfAlice = async () => {
    const items = await ledger.itemsOfPrincipal(alice);
    return [...new Set(items.flatMap(({ entries }) => [...entries.values()].map(({ trust }) => trust)))];
  };
  const hours = async () => (await ledger.coverage(account, day, day)).map((row) => [row.region, row.hours]);
  return { ledger, objects, kept, asked, deliver, put, log, trustOfAlice, hours };
}

const common = { bucket, root, account, region, signer };
const before = makeDigest({ ...common, end: plusSeconds(end, -3600), logs: [], previous: null });
const at = (hour: number) => 1 << hour;

/** A bucket with one log file, and a digest over it that follows on another. */
function chained(changes: Partial<Parameters<typeof makeDigest>[0]> = {}, deps: Partial<Deps> = {}) {
  const made = setUp(deps);
  made.put(before);
  const log = made.log('a', record({ eventTime: '2026-03-01T10:30:00Z' }));
  const digest = makeDigest({ ...common, end, logs: [log], previous: before, ...changes });
  made.put(digest);
  return { ...made, digest };
}

test('a valid digest proves its hour in its region, and its files are taken in as verified', async () => {
  const { deliver, digest, hours, trustOfAlice, kept, asked } = chained();
  expect(await deliver(digest.key)).toEqual({ accepted: 1, rejected: 0, failed: [] });
  expect(kept).toEqual([]);
  expect(await trustOfAlice()).toEqual(['digest-verified']);
  expect(await hours()).toEqual([[region, at(10)]]);
  expect(asked).toEqual([`${region} 2026-03-01T10:01:31Z ${end}`]);
});

test('a file that was taken in when it came gains the trust, and proves nothing by itself', async () => {
  const text = JSON.stringify({ Records: [record({ eventTime: '2026-03-01T10:30:00Z' })] });
  const { deliver, digest, hours, trustOfAlice } = chained({}, { readObject: async () => ok(text) });
  await deliver(logKey('a'));
  expect(await trustOfAlice()).toEqual(['unverified']);
  expect(await hours()).toEqual([]);
  await deliver(digest.key);
  expect(await trustOfAlice()).toEqual(['digest-verified']);
});

test('a digest delivered again, and again with its file, leaves the same', async () => {
  const [once, often] = [chained(), chained()];
  await once.deliver(once.digest.key);
  for (let i = 0; i < 3; i++) await often.deliver(often.digest.key, often.digest.key);
  expect(await often.ledger.itemsOfPrincipal(alice)).toEqual(await once.ledger.itemsOfPrincipal(alice));
  expect(await often.hours()).toEqual(await once.hours());
});

test('a log file that was changed is refused with its reason, and the hour stays a gap', async () => {
  const { deliver, digest, hours, kept, ledger, objects } = chained();
  objects.set(logKey('a'), { bytes: gzipSync(JSON.stringify({ Records: [] })), metadata: {} });
  expect(await deliver(digest.key)).toEqual({ accepted: 0, rejected: 1, failed: [] });
  expect(kept).toMatchObject([{ reason: 'changed-log-file', place: { source: `s3://${bucket}/${logKey('a')}` } }]);
  expect(await ledger.principals()).toEqual([]);
  expect(await hours()).toEqual([]);
});

test('a log file that is missing makes the hour a gap, and the other files are taken in', async () => {
  const { deliver, hours, kept, objects, put, log, trustOfAlice } = setUp();
  put(before);
  const logs = [log('a', record()), log('b', record({ eventID: 'b' }))];
  const digest = makeDigest({ ...common, end, logs, previous: before });
  put(digest);
  objects.delete(logKey('b'));
  expect(await deliver(digest.key)).toEqual({ accepted: 1, rejected: 1, failed: [] });
  expect(kept).toMatchObject([{ reason: 'missing-log-file', place: { source: `s3://${bucket}/${logKey('b')}` } }]);
  expect(await trustOfAlice()).toEqual(['digest-verified']);
  expect(await hours()).toEqual([]);
});

test('a verified file with a record that cannot be read leaves a gap', async () => {
  const { deliver, hours, kept, put, log } = setUp();
  put(before);
  put(makeDigest({ ...common, end, logs: [log('a', record(), { no: 'record' })], previous: before }));
  await deliver(makeDigest({ ...common, end, logs: [log('a', record(), { no: 'record' })], previous: before }).key);
  expect(kept).toHaveLength(1);
  expect(await hours()).toEqual([]);
});

test('a broken chain is told, and the hour in which it broke stays a gap', async () => {
  const { deliver, digest, hours, kept, objects, trustOfAlice } = chained({ seconds: 2 * 3600 });
  // The digest before ends at 10:01:31, this one begins at 09:01:31: they do not meet.
  await deliver(digest.key);
  expect(kept).toMatchObject([{ reason: 'broken-digest-chain' }]);
  expect(await trustOfAlice()).toEqual(['digest-verified']);
  expect(await hours()).toEqual([[region, at(10)]]);
  objects.delete(before.key);
  await deliver(digest.key);
  expect(kept).toHaveLength(2);
  expect(await hours()).toEqual([[region, at(10)]]);
});

test('the digest before, exchanged for another of the same signer, breaks the chain', async () => {
  const { deliver, digest, hours, kept, objects } = chained();
  const other = makeDigest({ ...common, end: plusSeconds(end, -3600), logs: [], previous: before });
  objects.set(before.key, other.file);
  await deliver(digest.key);
  expect(kept).toMatchObject([{ reason: 'broken-digest-chain' }]);
  expect(await hours()).toEqual([]);
});

test('the first digest of a chain proves the whole hours in it', async () => {
  const { deliver, put, hours, kept } = setUp();
  await deliver(put(makeDigest({ ...common, end, logs: [], previous: null, seconds: 2.5 * 3600 })));
  expect(kept).toEqual([]);
  expect(await hours()).toEqual([[region, at(9) | at(10)]]);
});

const invalid = 'invalid-digest';
test.each([
  ['signed by another key of the same name', { signer: { ...signingKey(), public: signer.public } }, /not signed/],
  ['signed by a key that CloudTrail does not list', { signer: signingKey() }, /does not list/],
  [
    'whose fields were changed after it was signed',
    { changes: { digestEndTime: '2026-03-01T13:01:31Z' } },
    /not signed/,
  ],
  ['of another account', { changes: { awsAccountId: '999988887777' } }, /account 999988887777/],
  ['written for another place', { changes: { digestS3Object: 'elsewhere.json.gz' } }, /was written for/],
  ['without signature', { metadata: { signature: undefined as unknown as string } }, /no signature/],
  ['with a signature that is no number', { metadata: { signature: 'zz' } }, /not signed/],
  ['signed by another algorithm', { changes: { digestSignatureAlgorithm: 'MD5withRSA' } }, /SHA256withRSA/],
  ['with a file hashed by another algorithm', { changes: { logFiles: [{ s3Bucket: 'a', s3Object: 'b' }] } }, /hash/],
  ['that ends before it begins', { changes: { digestStartTime: '2026-03-01T12:00:00Z' } }, /before it begins/],
  ['that names no times', { changes: { digestEndTime: 'noon' } }, /lacks/],
])('a digest %s is refused with its reason and proves nothing', async (_, changes, why) => {
  const { deliver, digest, hours, kept, ledger } = chained(changes);
  expect(await deliver(digest.key)).toEqual({ accepted: 0, rejected: 1, failed: [] });
  expect(kept).toMatchObject([{ reason: invalid, detail: expect.stringMatching(why) }]);
  expect(await ledger.principals()).toEqual([]);
  expect(await hours()).toEqual([]);
});

test('a digest over files of another account or region is refused whole', async () => {
  const { log } = setUp();
  for (const key of [logKey('a').replace(account, '999988887777'), logKey('a').replace(region, 'eu-west-2'), 'x']) {
    const { deliver, digest, hours, kept } = chained({ logs: [{ key, text: log('a').text }] });
    await deliver(digest.key);
    expect(kept).toMatchObject([{ reason: invalid, detail: expect.stringContaining('no log file of its own') }]);
    expect(await hours()).toEqual([]);
  }
});

test('a digest that was cut off is refused, and so is one that is no JSON', async () => {
  const { deliver, digest, hours, kept, objects } = chained();
  const { bytes, metadata } = digest.file;
  objects.set(digest.key, { bytes: bytes.subarray(0, bytes.length - 20), metadata });
  await deliver(digest.key);
  objects.set(digest.key, { bytes: gzipSync(gunzipSync(bytes).subarray(0, 100)), metadata });
  await deliver(digest.key);
  expect(kept.map(({ reason, detail }) => `${reason} ${detail}`)).toEqual([
    'invalid-digest the digest the gzip file ends too early',
    'invalid-digest the digest is no JSON object',
  ]);
  expect(await hours()).toEqual([]);
});

test('late files come by a digest of their own: they are verified, and no hour is proven by them', async () => {
  const metadata = { 'backfill-generation-timestamp': '2026-03-04T08:00:00Z' };
  const { deliver, digest, hours, trustOfAlice, asked, kept } = chained({ suffix: '_backfill', metadata });
  expect(await deliver(digest.key)).toEqual({ accepted: 1, rejected: 0, failed: [] });
  expect(await trustOfAlice()).toEqual(['digest-verified']);
  expect(await hours()).toEqual([]);
  expect(kept).toEqual([]);
  expect(asked).toEqual([`${region} 2026-03-04T07:00:00Z 2026-03-04T09:00:00Z`]);
});

test('a fault on the way hands the digest out again, alone', async () => {
  const throttled = async () => Promise.reject(new Error('SlowDown'));
  const { deliver, digest } = chained({}, { digests: { read: throttled, keys: async () => [] } });
  expect(await deliver(digest.key)).toEqual({
    accepted: 0,
    rejected: 0,
    failed: [{ id: digest.key, reason: `s3://${bucket}/${digest.key}: Error: SlowDown` }],
  });
});
