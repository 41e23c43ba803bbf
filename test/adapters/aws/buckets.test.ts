import { gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { auditArchive } from '../../../adapters/aws/audit-archive.ts';
import type { Bucket } from '../../../adapters/aws/bucket.ts';
import { inventoryStore } from '../../../adapters/aws/inventory-store.ts';
import { manifestArchive } from '../../../adapters/aws/manifest-archive.ts';
import { objectReader } from '../../../adapters/aws/objects.ts';
import { recorded } from '../../../adapters/aws/recorder.ts';
import { rejectionKeeper } from '../../../adapters/aws/rejections.ts';
import type { Rejection } from '../../../core/usage/event.ts';
import { auditArchiveContract } from '../../contracts/audit-archive.ts';
import { happened, inventory } from '../../contracts/examples.ts';
import { inventoryStoreContract } from '../../contracts/inventory-store.ts';
import { manifestArchiveContract } from '../../contracts/manifest-archive.ts';
import { type Emulator, onMoto } from '../../emulators/moto.ts';
import { towards } from './clients.ts';

let buckets = 0;

async function freshBucket(emulator: Emulator): Promise<Bucket> {
  buckets += 1;
  const s3 = recorded(new S3Client({ ...towards(emulator), forcePathStyle: true }));
  const name = `bucket-${buckets}`;
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  return { s3, name };
}

onMoto('buckets on moto', (emulator) => {
  const fresh = () => freshBucket(emulator());

  describe('the audit archive', () => {
    auditArchiveContract(async () => auditArchive(await fresh()));

    test('lies under audit/, in the order of the sequence', async () => {
      const bucket = await fresh();
      await auditArchive(bucket).put(happened('settings', 'only one/of its kind'));
      const { Contents } = await bucket.s3.send(new ListObjectsV2Command({ Bucket: bucket.name }));
      expect(Contents?.map(({ Key }) => Key)).toEqual(['audit/settings/only%20one%2Fof%20its%20kind/0000000001']);
      expect(await auditArchive(bucket).aggregates()).toEqual([{ type: 'settings', id: 'only one/of its kind' }]);
    });
  });

  describe('the archive of manifests', () => {
    manifestArchiveContract(async () => manifestArchive(await fresh()));
  });

  describe('the inventory store', () => {
    inventoryStoreContract(async () => inventoryStore(await fresh()));

    test('two scans at once leave the newer snapshot', async () => {
      const bucket = await fresh();
      const at = (second: number) => inventory({ takenAt: `2026-03-02T00:00:0${second}Z` as never });
      await Promise.all([3, 1, 2].map((second) => inventoryStore(bucket).write(at(second))));
      expect((await inventoryStore(bucket).read(inventory().account))?.takenAt).toBe('2026-03-02T00:00:03Z');
    });
  });

  describe('log files', () => {
    const put = async (Body: Uint8Array | string) => {
      const bucket = await fresh();
      await bucket.s3.send(new PutObjectCommand({ Bucket: bucket.name, Key: 'log', Body }));
      return bucket;
    };

    test('are unpacked, and what is broken is refused with its reason', async () => {
      const text = JSON.stringify({ Records: [] });
      const whole = await put(gzipSync(text));
      expect(await objectReader(whole.s3)(whole.name, 'log')).toEqual({ ok: true, value: text });
      const cut = await put(gzipSync(text).subarray(0, 20));
      expect(await objectReader(cut.s3)(cut.name, 'log')).toMatchObject({
        ok: false,
        error: { reason: 'truncated-gzip' },
      });
    });

    test('over the bound are refused before they are read', async () => {
      const { s3, name } = await put('x'.repeat(101));
      expect(await objectReader(s3, 100)(name, 'log')).toMatchObject({ ok: false, error: { reason: 'too-large' } });
      expect(await objectReader(s3, 101)(name, 'log')).toMatchObject({ ok: true });
    });

    test('that are gone are a fault', async () => {
      const { s3, name } = await fresh();
      await expect(objectReader(s3)(name, 'log')).rejects.toThrow('does not exist');
      await expect(objectReader(s3)('no-such-bucket', 'log')).rejects.toThrow();
    });
  });

  test('rejections are kept once, however often they come, one object a source', async () => {
    const bucket = await fresh();
    const rejection = (source: string, index: number): Rejection => ({
      reason: 'no-event-id',
      detail: 'eventID is missing',
      place: { source, index },
    });
    const batch = [rejection('s3://a', 1), rejection('s3://b', 1), rejection('s3://a', 2)];
    const keep = rejectionKeeper(bucket);
    await keep(batch);
    await keep([rejection('s3://b', 1)]);
    const { Contents } = await bucket.s3.send(new ListObjectsV2Command({ Bucket: bucket.name, Prefix: 'rejections/' }));
    expect(Contents).toHaveLength(2);
    const texts = await Promise.all(
      Contents!.map(async ({ Key }) =>
        (await bucket.s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: Key! }))).Body!.transformToString(),
      ),
    );
    expect(texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line))).toEqual(
      expect.arrayContaining(batch),
    );
  });
});

describe('faults of S3', () => {
  const named = (name: string) => Object.assign(new Error(name), { name });

  test('a denied or throttled read is thrown, never taken for absence', async () => {
    const s3 = mockClient(S3Client);
    for (const fault of ['AccessDenied', 'SlowDown']) {
      s3.on(GetObjectCommand).rejects(named(fault));
      await expect(inventoryStore({ s3: new S3Client({}), name: 'b' }).read('111122223333')).rejects.toThrow(fault);
    }
  });

  test('an event is written on condition that nothing is there', async () => {
    const s3 = mockClient(S3Client);
    s3.on(PutObjectCommand).resolves({});
    await auditArchive({ s3: new S3Client({}), name: 'b' }).put(happened('case', 'c'));
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
      Key: 'audit/case/c/0000000001',
      IfNoneMatch: '*',
    });
  });
});
