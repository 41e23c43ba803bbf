import { gzipSync } from 'node:zlib';
import { textIn } from '../adapters/files/unzip.ts';
import type { Result } from '../core/result.ts';
import type { Day, Instant } from '../core/time.ts';
import type { Refused } from '../core/usage/parse.ts';

/** The organization trail's bucket. */
export interface TrailBucket {
  name: string;
  /** The bytes, or how to get them when they are read. */
  put(key: string, bytes: Uint8Array | (() => Promise<Uint8Array>)): void;
  /** The object's text; throws where there is none. */
  read(bucket: string, key: string): Promise<Result<string, Refused>>;
}

export function trailBucket(name: string): TrailBucket {
  const objects = new Map<string, Uint8Array | (() => Promise<Uint8Array>)>();
  return {
    name,
    put: (key, bytes) => {
      objects.set(key, bytes);
    },
    read: async (bucket, key) => {
      const object = bucket === name ? objects.get(key) : undefined;
      if (!object) throw new Error(`NoSuchKey: s3://${bucket}/${key}`);
      return textIn(typeof object === 'function' ? await object() : object);
    },
  };
}

/** What a record must have to be filed. */
export interface Filed {
  recipientAccountId: string;
  eventTime: Instant;
  eventID: string;
}

/**
 * Records as CloudTrail's files, one an account and day, under the keys that the trail would give them. `part` keeps
 * two deliveries of one day apart.
 */
export function logFiles(
  records: readonly Filed[],
  place: { prefix: string; organization: string; region: string; day: Day; part: string },
): readonly { key: string; bytes: Uint8Array }[] {
  const byAccount = new Map<string, Filed[]>();
  for (const record of records) {
    const file = byAccount.get(record.recipientAccountId);
    if (file) file.push(record);
    else byAccount.set(record.recipientAccountId, [record]);
  }
  const { prefix, organization, region, day, part } = place;
  const root = `${prefix === '' ? '' : `${prefix}/`}AWSLogs/${organization}`;
  return [...byAccount].map(([account, Records]) => ({
    key: `${root}/${account}/CloudTrail/${region}/${day.replaceAll('-', '/')}/${account}_CloudTrail_${region}_${day.replaceAll('-', '')}T0000Z_${part}.json.gz`,
    bytes: gzipSync(JSON.stringify({ Records }), { level: 1 }),
  }));
}
