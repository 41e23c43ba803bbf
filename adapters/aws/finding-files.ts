import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { FindingFiles } from '../../usecases/ports/findings.ts';
import type { Bucket } from './bucket.ts';

/** Findings as objects of a bucket, one line of JSON each. */
export const findingFiles = ({ s3, name }: Bucket): FindingFiles => ({
  put: async (key, line) => {
    const Body = `${line}\n`;
    await s3.send(new PutObjectCommand({ Bucket: name, Key: key, Body, ContentType: 'application/x-ndjson' }));
  },
});
