import type { KmsGrant } from '../access/situation.ts';

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

/** What stands beside a bucket's policy: access control lists, and Block Public Access. */
export interface BucketFacts {
  /** `disabled`: the bucket's owner enforces its ownership; lists do not count and all objects are its own. */
  acls: 'disabled' | 'unread';
  /** `restricted`: RestrictPublicBuckets is on, for the bucket or above it. */
  publicAccess: 'open' | 'restricted' | 'unread';
}
