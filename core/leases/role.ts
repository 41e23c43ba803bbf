import { canonicalJson } from '../audit/canonical.ts';
import { objectOf, textOf } from '../untrusted.ts';

/** Everything about a role that is made for one lease; `trust` and `policy` are JSON. */
export interface LeaseRole {
  /** ARN of the permissions boundary. */
  boundary: string;
  policy: string;
  trust: string;
}

/** Where roles for leases stand, and nothing else does. */
export const leaseRolePath = '/leastwise/';
/** The one inline policy of such a role. */
export const leaseRolePolicy = 'leastwise-lease';
/** Nothing that is lent goes beyond it (lib/member-stack.ts). */
export const leaseRoleBoundary = 'leastwise-lending-boundary';

/**
 * The role as the text of its slot. IAM gives trusts back in its own hand, so equal documents give equal texts, however
 * they are written; one that is missing is null.
 */
export const leaseRoleText = ({ boundary, policy, trust }: LeaseRole): string =>
  canonicalJson({ boundary, policy: documentIn(policy), trust: documentIn(trust) });

const documentIn = (text: string): unknown => (text === '' ? null : JSON.parse(text));

/** The role that a text describes; undefined where it describes none. */
export function leaseRoleOf(text: string): LeaseRole | undefined {
  const read = objectIn(text);
  const [boundary, policy, trust] = [textOf(read?.boundary), objectOf(read?.policy), objectOf(read?.trust)];
  return boundary && policy && trust
    ? { boundary, policy: canonicalJson(policy), trust: canonicalJson(trust) }
    : undefined;
}

function objectIn(text: string) {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return null;
  }
}
