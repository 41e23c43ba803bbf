/**
 * What policies cannot give or take, by who owns a resource.
 *
 * Other accounts' use of a KMS key is limited to these operations, whatever policies say: for any other "those
 * permissions have no effect". Source: KMS Developer Guide, "Allowing users in other accounts to use a KMS key".
 */
const acrossAccounts = new Set(
  `createGrant decrypt deriveSharedSecret describeKey encrypt generateDataKey generateDataKeyPair
   generateDataKeyPairWithoutPlaintext generateDataKeyWithoutPlaintext generateMac getKeyRotationStatus getPublicKey
   listGrants reEncryptFrom reEncryptTo retireGrant revokeGrant sign verify verifyMac`
    .split(/\s+/)
    .map((operation) => `kms:${operation}`.toLowerCase()),
);

/** Whether an action on a KMS key is for principals of the key's own account only. */
export const isForKeyOwner = (action: string): boolean =>
  /^kms:/i.test(action) && !acrossAccounts.has(action.toLowerCase());

/**
 * Whether a bucket's policy cannot deny the action to its owner's root user. Source: Amazon S3 API Reference,
 * DeleteBucketPolicy: only endpoint policies and the organization's can block the root principal from these.
 */
export const isOnBucketPolicy = (action: string): boolean =>
  /^s3:(?:get|put|delete)bucketpolicy$/.test(action.toLowerCase());
