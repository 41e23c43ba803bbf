import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { SQSEvent } from 'aws-lambda';
import { textIn } from '../../adapters/files/unzip.ts';
import { memoryLedgerStore } from '../../adapters/memory/ledger-store.ts';
import type { AccountId, PrincipalId } from '../../core/identity/principal.ts';
import type { Day, Instant } from '../../core/time.ts';
import { rankBy } from '../../core/usage/bounded.ts';
import type { Rejection } from '../../core/usage/event.ts';
import type { LineageChild } from '../../core/usage/lineage.ts';
import { type Deps, recordUsageHandler } from '../../lambdas/record-usage/handler.ts';
import { envelope, record } from '../core/usage/records.ts';

const trail = { bucket: 'org-trail', prefix: 'all', organization: 'o-example1234' };
const key = (name: string, account = '111122223333') =>
  `all/AWSLogs/o-example1234/${account}/CloudTrail/eu-west-1/2026/03/01/${name}.json.gz`;
const alice = 'AIDAEXAMPLEALICE00001' as PrincipalId;

function setUp(objects: Record<string, Buffer> = {}, changes: Partial<Deps> = {}) {
  const ledger = memoryLedgerStore({ rank: rankBy('test') });
  const kept: Rejection[] = [];
  const counts: Record<string, number> = {};
  const handle = recordUsageHandler({
    ledger,
    readObject: async (bucket, at) => {
      const bytes = objects[`${bucket}/${at}`];
      if (bytes === undefined) throw new Error('SlowDown');
      return textIn(bytes);
    },
    keepRejections: async (rejections) => {
      kept.push(...rejections);
    },
    now: () => '2026-03-01T12:00:00Z' as Instant,
    setKey: 'test',
    resources: true,
    trail,
    digests: null,
    count: (metric, by) => {
      counts[metric] = (counts[metric] ?? 0) + by;
    },
    ...changes,
  });
  return { handle, ledger, kept, counts };
}

const sqs = (...bodies: readonly unknown[]): SQSEvent => ({
  Records: bodies.map((body, i) => ({
    messageId: `m${i}`,
    receiptHandle: '',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'x',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:fast',
    awsRegion: 'eu-west-1',
  })),
});

const created = (...keys: readonly string[]) => ({
  Records: keys.map((each) => ({
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    s3: { bucket: { name: trail.bucket }, object: { key: encodeURIComponent(each) } },
  })),
});
const log = (...records: readonly unknown[]) => gzipSync(JSON.stringify({ Records: records }));

test('an event of the fast lane is in the ledger, with the fast lane’s trust', async () => {
  const { handle, ledger } = setUp();
  expect(await handle(sqs(envelope()))).toEqual({ batchItemFailures: [] });
  const items = await ledger.itemsOfPrincipal(alice);
  expect(items.map(({ kind, action }) => `${kind} ${action ?? ''}`.trim()).sort()).toEqual([
    'action s3:GetObject',
    'agent',
    'network',
    'region',
    'resource s3:GetObject',
  ]);
  expect(items[0]!.entries.values().next().value).toMatchObject({ trust: 'fast-lane', first: { historic: false } });
});

test('a denial that names another action than the mapping is counted, by whichever lane it comes, and told', async () => {
  const told: unknown[] = [];
  const denial = (action: string) => ({
    errorCode: 'AccessDenied',
    errorMessage: `User: x is not authorized to perform: ${action} on resource: *`,
  });
  const file = log(record(denial('s3:Unheard')), record(denial('s3:GetObject')));
  const { handle, counts } = setUp({ [`org-trail/${key('f')}`]: file }, { disagreed: (found) => told.push(...found) });
  await handle(sqs(envelope({ detail: record(denial('s3:Other')) }), created(key('f'))));
  expect(counts.MappingDisagreements).toBe(2);
  const call = { source: 's3.amazonaws.com', name: 'GetObject' };
  expect(told).toEqual([
    { ...call, denied: 's3:Other' },
    { ...call, denied: 's3:Unheard' },
  ]);
});

test('a file of the full lane is in the ledger, and covers its account’s hours', async () => {
  const { handle, ledger } = setUp({
    [`org-trail/${key('a')}`]: log(record(), record({ eventID: 'b', eventTime: '2026-03-01T11:59:59Z' })),
  });
  expect(await handle(sqs(created(key('a'))))).toEqual({ batchItemFailures: [] });
  expect(await ledger.itemsOfPrincipal(alice)).not.toHaveLength(0);
  const day = '2026-03-01' as Day;
  expect(await ledger.coverage('111122223333' as AccountId, day, day)).toMatchObject([
    { hours: (1 << 10) | (1 << 11) },
  ]);
});

test('both lanes, late and twice, leave the same ledger as one', async () => {
  const objects = { [`org-trail/${key('a')}`]: log(record()) };
  const [once, often] = [setUp(objects), setUp(objects)];
  await once.handle(sqs(envelope(), created(key('a'))));
  for (const body of [created(key('a')), envelope(), created(key('a'), key('a')), envelope()])
    await often.handle(sqs(body));
  expect(await often.ledger.itemsOfPrincipal(alice)).toEqual(await once.ledger.itemsOfPrincipal(alice));
});

test('a poisoned message goes to the dead letters with its reason, and the others of its batch go on', async () => {
  const { handle, ledger, kept, counts } = setUp();
  expect(await handle(sqs('{broken', envelope(), '[1]', '{"hello":"world"}'))).toEqual({
    batchItemFailures: ['m0', 'm2', 'm3'].map((itemIdentifier) => ({ itemIdentifier })),
  });
  expect(await ledger.itemsOfPrincipal(alice)).not.toHaveLength(0);
  expect(kept.map(({ reason, place }) => [place.source, reason]).sort()).toEqual([
    ['message m0', 'not-json'],
    ['message m2', 'not-json'],
    ['message m3', 'not-a-record'],
  ]);
  expect(counts).toMatchObject({ AcceptedRecords: 1, RejectedRecords: 3, FailedDeliveries: 3 });
});

test.each([
  ['account-mismatch', envelope({ account: '999988887777' })],
  ['not-cloudtrail', envelope({ source: 'my.app' })],
  ['no-event-id', envelope({}, { eventID: undefined })],
  ['time-in-the-future', envelope({}, { eventTime: '2026-03-01T13:00:01Z' })],
])('an event that is rejected as %s is kept with its reason and does not come back', async (reason, body) => {
  const { handle, ledger, kept } = setUp();
  expect(await handle(sqs(body))).toEqual({ batchItemFailures: [] });
  expect(kept).toMatchObject([{ reason, place: { source: 'message m0' } }]);
  expect(await ledger.principals()).toEqual([]);
});

test('a record of another account than its file’s path is rejected, and its file covers nothing', async () => {
  const { handle, ledger, kept } = setUp({ [`org-trail/${key('a', '999988887777')}`]: log(record()) });
  await handle(sqs(created(key('a', '999988887777'))));
  expect(kept).toMatchObject([{ reason: 'account-mismatch' }]);
  const day = '2026-03-01' as Day;
  expect(await ledger.coverage('999988887777' as AccountId, day, day)).toEqual([]);
});

test.each([
  ['another prefix', 'AWSLogs/o-example1234/111122223333/CloudTrail/eu-west-1/2026/03/01/a.json.gz'],
  ['another organization', 'all/AWSLogs/o-other/111122223333/CloudTrail/eu-west-1/2026/03/01/a.json.gz'],
  ['no account', 'all/AWSLogs/o-example1234/x/CloudTrail/eu-west-1/2026/03/01/a.json.gz'],
])('a file under %s is not read at all', async (_, elsewhere) => {
  const { handle, kept } = setUp({ [`org-trail/${elsewhere}`]: log(record()) });
  expect(await handle(sqs(created(elsewhere)))).toEqual({ batchItemFailures: [] });
  expect(kept).toMatchObject([{ reason: 'not-cloudtrail' }]);
});

test('digests and S3’s test message are passed over', async () => {
  const { handle, kept } = setUp();
  const digest = key('a').replace('/CloudTrail/', '/CloudTrail-Digest/');
  expect(await handle(sqs(created(digest), { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'x' }))).toEqual({
    batchItemFailures: [],
  });
  expect(kept).toEqual([]);
});

test('a file that cannot be fetched comes back alone', async () => {
  const { handle, ledger } = setUp({ [`org-trail/${key('a')}`]: log(record()) });
  expect(await handle(sqs(created(key('missing')), created(key('a'))))).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm0' }],
  });
  expect(await ledger.itemsOfPrincipal(alice)).not.toHaveLength(0);
});

test('a truncated file comes back alone, with its reason kept', async () => {
  const whole = log(record());
  const { handle, kept } = setUp({ [`org-trail/${key('cut')}`]: whole.subarray(0, whole.length - 20) });
  expect(await handle(sqs(created(key('cut'))))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  expect(kept).toMatchObject([
    { reason: 'truncated-gzip', place: { source: `s3://org-trail/${key('cut')}`, index: null } },
  ]);
});

test('without a trail nothing of S3 is read', async () => {
  const { handle, kept } = setUp({ [`org-trail/${key('a')}`]: log(record()) }, { trail: null });
  await handle(sqs(created(key('a'))));
  expect(kept).toMatchObject([{ reason: 'not-cloudtrail' }]);
});

test('a fault of the store fails the batch, so that it comes back whole', async () => {
  const failing = {
    ...memoryLedgerStore({ rank: rankBy('test') }),
    join: () => Promise.reject(new Error('throttled')),
  };
  const { handle } = setUp({}, { ledger: failing });
  await expect(handle(sqs(envelope()))).rejects.toThrow('throttled');
});

test('who made a key and who assumed a role is in the lineage', async () => {
  const { handle, ledger } = setUp();
  const key = envelope(
    { source: 'aws.iam' },
    {
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateAccessKey',
      responseElements: { accessKey: { accessKeyId: 'AKIAEXAMPLENEW000001', userName: 'bob' } },
    },
  );
  const role = envelope(
    { source: 'aws.sts' },
    {
      eventID: 'assume',
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/deploy' },
      responseElements: { assumedRoleUser: { assumedRoleId: 'AROAEXAMPLEDEPLOY0001:x' } },
    },
  );
  await handle(sqs(key, role));
  expect(await ledger.parentsOf('AKIAEXAMPLENEW000001' as LineageChild)).toMatchObject([
    { kind: 'created-access-key', parent: { principal: alice } },
  ]);
  expect(await ledger.parentsOf('AROAEXAMPLEDEPLOY0001' as LineageChild)).toMatchObject([
    { kind: 'assumed-role', parent: { principal: alice } },
  ]);
});

const folder = join(import.meta.dirname, '../../../shared/data/cloudtrail/eventbridge');
const present = existsSync(folder);
if (!present) console.warn('Not checked: the real envelopes in ../shared/data/cloudtrail/eventbridge are not here.');

(present ? test : test.skip)('ten real envelopes are taken in', async () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const bodies = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  const enveloped = bodies.filter((body) => 'detail-type' in JSON.parse(body));
  expect(enveloped).toHaveLength(10);
  const { handle, ledger, kept, counts } = setUp();
  expect(await handle(sqs(...enveloped))).toEqual({ batchItemFailures: [] });
  expect(kept).toEqual([]);
  expect(counts.AcceptedRecords).toBe(10);
  expect((await ledger.principals()).length).toBeGreaterThan(5);
});
