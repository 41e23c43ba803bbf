import { PutObjectCommand } from '@aws-sdk/client-s3';
import { canonicalHash } from '../../core/audit/canonical.ts';
import type { Rejection } from '../../core/usage/event.ts';
import type { Bucket } from './bucket.ts';

/**
 * Keeps rejected records' reasons: one object for each file or message they came from, named by what it holds, so that
 * the same rejections again are the same object.
 */
export const rejectionKeeper =
  (bucket: Bucket) =>
  async (rejections: readonly Rejection[]): Promise<void> => {
    const bySource = new Map<string, Rejection[]>();
    for (const rejection of rejections) {
      const { source } = rejection.place;
      bySource.set(source, [...(bySource.get(source) ?? []), rejection]);
    }
    for (const group of bySource.values()) {
      await bucket.s3.send(
        new PutObjectCommand({
          Bucket: bucket.name,
          Key: `rejections/${canonicalHash(group)}.ndjson`,
          Body: group.map((rejection) => `${JSON.stringify(rejection)}\n`).join(''),
          ContentType: 'application/x-ndjson',
        }),
      );
    }
  };
