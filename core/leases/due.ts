import type { Instant } from '../time.ts';
import type { Lease } from './lease.ts';

/**
 * When the sweeper must look at a lease whose policy may be there; undefined once it is gone. One on its way is due from
 * its start: whatever stopped it must not wait for its end. One that is being taken back is due at its next attempt, so
 * that those which fail do not stand before those which have just ended.
 */
export function dueAt(lease: Lease): Instant | undefined {
  switch (lease.state) {
    case 'active':
      return lease.endsAt;
    case 'prepared':
    case 'provisioning':
      return lease.startsAt;
    case 'revoking':
    case 'revoke-stuck':
      return lease.retryAt ?? lease.startsAt;
    default:
      return undefined;
  }
}

/** Whether the policy is gone and the lease is still looked at: by the sweeper, and by whoever verifies and closes it. */
export const isSettling = ({ state }: Pick<Lease, 'state'>): boolean => state === 'revoked' || state === 'verified';
