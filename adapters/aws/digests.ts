import { CloudTrailClient, type CloudTrailClientConfig, paginateListPublicKeys } from '@aws-sdk/client-cloudtrail';
import type { S3Client } from '@aws-sdk/client-s3';
import { fail, ok } from '../../core/result.ts';
import { type Instant, secondsOf } from '../../core/time.ts';
import { type DigestKey, sha256Of } from '../../core/usage/digest.ts';
import type { Digests } from '../../usecases/ports/digests.ts';
import { plainIn, textOf } from '../files/unzip.ts';
import { getObject, TooLarge } from './bucket.ts';
import { recorded } from './recorder.ts';

/** CloudTrail closes its files at some 50 MB of text; packed they are a tenth of that. */
const mostBytes = 200_000_000;

/** The trail's digests and the files that they name, as S3 has them, and the keys that CloudTrail lists. */
export function trailDigests(s3: S3Client, configuration: CloudTrailClientConfig = {}): Digests {
  return {
    read: async ({ bucket, key }) => {
      try {
        const stored = await getObject({ s3, name: bucket }, key, mostBytes);
        if (stored === undefined) return undefined;
        const plain = plainIn(stored.bytes);
        if (!plain.ok) return plain;
        return ok({ text: textOf(plain.value), sha256: sha256Of(plain.value), metadata: stored.metadata });
      } catch (fault) {
        if (fault instanceof TooLarge) return fail({ reason: 'too-large', detail: fault.message });
        throw fault;
      }
    },
    keys: publicKeys(configuration),
  };
}

/** Each region signs with keys of its own, for weeks: what was listed for an hour of a region is asked once. */
function publicKeys(configuration: CloudTrailClientConfig): Digests['keys'] {
  const clients = new Map<string, CloudTrailClient>();
  const known = new Map<string, Promise<readonly DigestKey[]>>();
  return (region, from, to) => {
    const client = clients.get(region) ?? recorded(new CloudTrailClient({ ...configuration, region }));
    clients.set(region, client);
    const hour = `${region} ${from.slice(0, 13)} ${to.slice(0, 13)}`;
    const listed = known.get(hour) ?? listKeys(client, from, to);
    if (known.size >= mostHours) known.clear();
    known.set(hour, listed);
    // What failed is asked again.
    listed.catch(() => known.delete(hour));
    return listed;
  };
}

const mostHours = 500;

async function listKeys(client: CloudTrailClient, from: Instant, to: Instant): Promise<readonly DigestKey[]> {
  const keys: DigestKey[] = [];
  const times = { StartTime: new Date(secondsOf(from) * 1000), EndTime: new Date(secondsOf(to) * 1000) };
  for await (const page of paginateListPublicKeys({ client }, times))
    for (const { Fingerprint, Value } of page.PublicKeyList ?? [])
      if (Fingerprint !== undefined && Value !== undefined) keys.push({ fingerprint: Fingerprint, der: Value });
  return keys;
}
