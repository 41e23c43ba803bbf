import { isFalse, someValue } from './parameters.ts';
import type { SignalRule } from './rule.ts';

const switches = ['blockPublicAcls', 'ignorePublicAcls', 'blockPublicPolicy', 'restrictPublicBuckets'];

/** The barrier that keeps buckets from becoming public was taken down, in whole or in part. */
export const publicAccessUnblocked: SignalRule = {
  kind: 'public-access-unblocked',
  names: [
    'PutBucketPublicAccessBlock',
    'PutAccountPublicAccessBlock',
    'PutPublicAccessBlock',
    'DeleteBucketPublicAccessBlock',
    'DeleteAccountPublicAccessBlock',
    'DeletePublicAccessBlock',
  ],
  matches: ({ name, requestParameters }) =>
    name.startsWith('Delete') || someValue(requestParameters, (value) => switches.some((key) => isFalse(value, key))),
};
