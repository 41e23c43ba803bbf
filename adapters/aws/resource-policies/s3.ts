import { GetBucketPolicyCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { pagesOf, type ResourcePolicyReader, unlessNone } from './reader.ts';

export const s3: ResourcePolicyReader = {
  service: 's3',
  isGlobal: true,
  async *list({ partition, client }) {
    const buckets = new S3Client({ ...client, followRegionRedirects: true });
    const pages = pagesOf(
      (ContinuationToken) => buckets.send(new ListBucketsCommand({ ContinuationToken, MaxBuckets: 1000 })),
      (page) => page.ContinuationToken,
    );
    for await (const { Buckets = [] } of pages) {
      for (const { Name: name } of Buckets) {
        const policy = () => buckets.send(new GetBucketPolicyCommand({ Bucket: name }));
        yield {
          arn: `arn:${partition}:s3:::${name}`,
          read: async () => ({ policy: (await unlessNone('NoSuchBucketPolicy', policy()))?.Policy ?? null }),
        };
      }
    }
  },
};
