import { gzipSync } from 'node:zlib';
import { CloudTrailClient, ListPublicKeysCommand } from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { trailDigests } from '../../../adapters/aws/digests.ts';
import { recorded } from '../../../adapters/aws/recorder.ts';
import type { Instant } from '../../../core/time.ts';
import { sha256 } from '../../core/usage/signed-digests.ts';
import { onMoto } from '../../emulators/moto.ts';
import { towards } from './clients.ts';

onMoto('digests on moto', (emulator) => {
  const fresh = async (name: string) => {
    const s3 = recorded(new S3Client({ ...towards(emulator()), forcePathStyle: true }));
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    return s3;
  };

  test('an object comes with the hash of its uncompressed bytes and with its signature', async () => {
    const s3 = await fresh('trail-a');
    const text = '{"logFiles":[],"name":"Zoë"}';
    const Metadata = { signature: 'abcd', 'signature-algorithm': 'SHA256withRSA' };
    await s3.send(new PutObjectCommand({ Bucket: 'trail-a', Key: 'x.json.gz', Body: gzipSync(text), Metadata }));
    expect(await trailDigests(s3).read({ bucket: 'trail-a', key: 'x.json.gz' })).toEqual({
      ok: true,
      value: { text, sha256: sha256(text), metadata: Metadata },
    });
  });

  test('what is missing is told apart from what is broken', async () => {
    const s3 = await fresh('trail-b');
    const cut = gzipSync('{"logFiles":[]}').subarray(0, 20);
    await s3.send(new PutObjectCommand({ Bucket: 'trail-b', Key: 'cut.json.gz', Body: cut }));
    expect(await trailDigests(s3).read({ bucket: 'trail-b', key: 'none' })).toBeUndefined();
    expect(await trailDigests(s3).read({ bucket: 'trail-b', key: 'cut.json.gz' })).toMatchObject({
      ok: false,
      error: { reason: 'truncated-gzip' },
    });
  });
});

describe('the public keys of CloudTrail', () => {
  const trail = mockClient(CloudTrailClient);
  afterEach(() => trail.reset());
  const [from, to] = ['2026-03-01T10:01:31Z', '2026-03-01T11:01:31Z'] as [Instant, Instant];
  const Value = new Uint8Array([1, 2, 3]);

  test('are read page by page for the time of the digest, and asked once an hour and region', async () => {
    trail
      .on(ListPublicKeysCommand)
      .resolvesOnce({ PublicKeyList: [{ Fingerprint: 'a', Value }], NextToken: 'more' })
      .resolves({ PublicKeyList: [{ Fingerprint: 'b', Value }, { Fingerprint: 'without value' }] });
    const { keys } = trailDigests(new S3Client({}));
    const [first, second] = [await keys('eu-west-1', from, to), await keys('eu-west-1', from, to)];
    expect(first.map(({ fingerprint }) => fingerprint)).toEqual(['a', 'b']);
    expect(second).toEqual(first);
    expect(trail.calls()).toHaveLength(2);
    expect(trail.call(0).args[0].input).toMatchObject({
      StartTime: new Date('2026-03-01T10:01:31Z'),
      EndTime: new Date('2026-03-01T11:01:31Z'),
    });
    await keys('us-east-1', from, to);
    expect(trail.calls()).toHaveLength(3);
  });

  test('that could not be listed are asked for again', async () => {
    trail.on(ListPublicKeysCommand).rejectsOnce(new Error('throttled')).resolves({ PublicKeyList: [] });
    const { keys } = trailDigests(new S3Client({}));
    await expect(keys('eu-west-1', from, to)).rejects.toThrow('throttled');
    expect(await keys('eu-west-1', from, to)).toEqual([]);
  });
});
