import type { S3Client } from '@aws-sdk/client-s3';
import { fail, type Result } from '../../core/result.ts';
import type { Refused } from '../../core/usage/parse.ts';
import { textIn } from '../files/unzip.ts';
import { getObject, TooLarge } from './bucket.ts';

/** CloudTrail closes its files at some 50 MB of text; packed they are a tenth of that. */
const mostBytes = 200_000_000;

/** Reads log files: the text, decompressed, or why the object is refused. A file that is gone is a fault. */
export const objectReader =
  (s3: S3Client, most = mostBytes) =>
  async (name: string, key: string): Promise<Result<string, Refused>> => {
    try {
      const stored = await getObject({ s3, name }, key, most);
      if (stored === undefined) throw new Error(`s3://${name}/${key} does not exist`);
      return textIn(stored.bytes);
    } catch (fault) {
      if (fault instanceof TooLarge) return fail({ reason: 'too-large', detail: fault.message });
      throw fault;
    }
  };
