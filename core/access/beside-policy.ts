import type { ResourcePolicy } from '../identity/resource-policy.ts';
import { arnParts } from './places.ts';
import { mayCarryPolicy } from './policy-carriers.ts';
import type { Situation } from './situation.ts';

const unread = { acls: 'unread', publicAccess: 'unread' } as const;

/** What an organization knows of what stands beside a resource's policy; `guarded`: what it knows of the resource. */
export function besidePolicy(
  resource: string,
  guarded: ResourcePolicy | undefined,
  isSample = false,
): Pick<Situation, 'isPolicyUnread' | 'bucket'> {
  if (!guarded) return { isPolicyUnread: !isSample && mayCarryPolicy(resource), bucket: null };
  const isBucket = arnParts(guarded.arn)?.service === 's3' && !guarded.arn.includes('accesspoint/');
  return { isPolicyUnread: guarded.isUnread === true, bucket: isBucket ? (guarded.bucket ?? unread) : null };
}
