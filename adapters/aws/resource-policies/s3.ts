import {
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { BucketFacts } from '../../../core/access/situation.ts';
import { recorded } from '../recorder.ts';
import { isDenied, pagesOf, type ResourcePolicyReader, unlessNone } from './reader.ts';

export const s3: ResourcePolicyReader = {
  service: 's3',
  isGlobal: true,
  async *list({ partition, client }) {
    const buckets = recorded(new S3Client({ ...client, followRegionRedirects: true }));
    const pages = pagesOf(
      (ContinuationToken) => buckets.send(new ListBucketsCommand({ ContinuationToken, MaxBuckets: 1000 })),
      (page) => page.ContinuationToken,
    );
    for await (const { Buckets = [] } of pages) {
      for (const { Name: name } of Buckets) {
        const policy = () => buckets.send(new GetBucketPolicyCommand({ Bucket: name }));
        yield {
          arn: `arn:${partition}:s3:::${name}`,
          read: async () => ({
            policy: (await unlessNone('NoSuchBucketPolicy', policy()))?.Policy ?? null,
            bucket: await factsOf(buckets, name),
          }),
        };
      }
    }
  },
};

/** The bucket's own settings. A bucket that does not restrict public policies may be restricted by its account. */
async function factsOf(buckets: S3Client, Bucket: string | undefined): Promise<BucketFacts> {
  const ownership = await unlessHidden(
    'OwnershipControlsNotFoundError',
    buckets.send(new GetBucketOwnershipControlsCommand({ Bucket })),
  );
  const block = await unlessHidden(
    'NoSuchPublicAccessBlockConfiguration',
    buckets.send(new GetPublicAccessBlockCommand({ Bucket })),
  );
  const isEnforced = ownership?.OwnershipControls?.Rules?.some(
    ({ ObjectOwnership }) => ObjectOwnership === 'BucketOwnerEnforced',
  );
  const isRestricted = block?.PublicAccessBlockConfiguration?.RestrictPublicBuckets === true;
  return { acls: isEnforced ? 'disabled' : 'unread', publicAccess: isRestricted ? 'restricted' : 'unread' };
}

/** What may not be read is not known, like what is not set. */
async function unlessHidden<T>(none: string, answer: Promise<T>): Promise<T | null> {
  try {
    return await unlessNone(none, answer);
  } catch (fault) {
    if (isDenied(fault)) return null;
    throw fault;
  }
}
