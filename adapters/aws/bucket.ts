import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

/** A bucket and the client to reach it. */
export interface Bucket {
  s3: S3Client;
  name: string;
}

export interface StoredObject {
  bytes: Uint8Array;
  etag: string | undefined;
  metadata: Readonly<Record<string, string>>;
}

export class TooLarge extends Error {}

/** The object's bytes; undefined where there is none. Throws TooLarge before reading more than `most` bytes. */
export async function getObject({ s3, name }: Bucket, key: string, most: number): Promise<StoredObject | undefined> {
  try {
    const {
      Body,
      ContentLength,
      ETag,
      Metadata = {},
    } = await s3.send(new GetObjectCommand({ Bucket: name, Key: key }));
    if (!Body) throw new Error(`s3://${name}/${key} came without a body`);
    if (ContentLength !== undefined && ContentLength > most)
      throw new TooLarge(`s3://${name}/${key} has ${ContentLength} bytes, ${most} are the most`);
    return { bytes: await Body.transformToByteArray(), etag: ETag, metadata: Metadata };
  } catch (fault) {
    if (fault instanceof Error && fault.name === 'NoSuchKey') return undefined;
    throw fault;
  }
}

/** Keys or, with a delimiter, the next parts of the path below the prefix. */
export async function listKeys({ s3, name }: Bucket, Prefix: string, Delimiter?: string): Promise<string[]> {
  const found: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: name, Prefix, Delimiter, ContinuationToken }));
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) found.push(Key);
    for (const { Prefix: folder } of page.CommonPrefixes ?? []) if (folder !== undefined) found.push(folder);
    ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (ContinuationToken !== undefined);
  return found;
}

/** Whether a conditional write found something else there than it asked for. */
export const isPreconditionFailed = (fault: unknown): boolean =>
  fault instanceof Error && fault.name === 'PreconditionFailed';

/** The same, or another conditional write was under way: read again and decide again. */
export const isOvertaken = (fault: unknown): boolean =>
  isPreconditionFailed(fault) || (fault instanceof Error && fault.name === 'ConditionalRequestConflict');
