import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { ManifestArchive } from '../../usecases/ports/manifest-archive.ts';
import { type Bucket, getObject, isOvertaken, listKeys } from './bucket.ts';

const root = 'manifests/';
const mostBytes = 256_000_000;

/** Objects `manifests/SEQUENCE` in the audit bucket, beside the events, on the same terms. */
export function manifestArchive(bucket: Bucket): ManifestArchive {
  return {
    newest: async () => Number((await listKeys(bucket, root)).at(-1)?.slice(root.length) ?? 0),
    read: async (sequence) => {
      const stored = await getObject(bucket, keyOf(sequence), mostBytes);
      return stored && Buffer.from(stored.bytes).toString('utf8');
    },
    put: async (sequence, sealed) => {
      const object = { Bucket: bucket.name, Key: keyOf(sequence), Body: JSON.stringify(sealed), IfNoneMatch: '*' };
      try {
        await bucket.s3.send(new PutObjectCommand({ ...object, ContentType: 'application/json' }));
        return 'put';
      } catch (fault) {
        if (isOvertaken(fault)) return 'taken';
        throw fault;
      }
    },
  };
}

/** Ten digits, so that the order of the keys is that of the manifests. */
const keyOf = (sequence: number): string => `${root}${String(sequence).padStart(10, '0')}`;
