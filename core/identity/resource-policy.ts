import type { BucketFacts, KmsGrant } from '../access/situation.ts';

/** A resource that has its own say about access. A role's trust stands with the role. */
export interface ResourcePolicy {
  arn: string;
  /** The owner; S3's ARNs do not name it. */
  account: string;
  /** The document's text; null: it has none. */
  policy: string | null;
  /** Of KMS keys. */
  grants: readonly KmsGrant[];
  /** The policy may not be read: nothing is known of it. */
  isUnread?: boolean;
  /** Of buckets; absent: nobody asked. */
  bucket?: BucketFacts;
}
