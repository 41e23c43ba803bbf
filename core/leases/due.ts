import type { Instant } from '../time.ts';
import type { Lease } from './lease.ts';

/**
 * When the sweeper must look at a lease; undefined once its policy is gone. One that is `prepared` or `revoking` is
 * due from its start: whatever stopped it on its way must not wait for its end.
 */
export function dueAt(lease: Lease): Instant | undefined {
  if (lease.state === 'active') return lease.endsAt;
  return lease.state === 'prepared' || lease.state === 'revoking' ? lease.startsAt : undefined;
}
