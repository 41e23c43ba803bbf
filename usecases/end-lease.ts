import { wasRefused } from '../core/audit/refused-clicks.ts';
import type { Configuration } from '../core/configuration.ts';
import type { Lease } from '../core/leases/lease.ts';
import { endRefused, revoking } from '../core/leases/step.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { LeaseStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface EndLeaseDeps {
  leases: Pick<LeaseStore, 'find' | 'commit'>;
  configuration: Pick<Configuration, 'people'>;
  now(): Instant;
}

export interface LeaseEnding {
  lease: string;
  /** Person id. */
  by: string;
  /** Names the click, so that a second delivery of it does nothing. */
  key?: string;
}

/**
 * Ends lent access early, on behalf of anybody who is known: giving back needs no decision. Only the lease's row
 * changes here; its event makes `revokeLease` do the rest, so that what faces people needs no way into IAM.
 */
export const endLease =
  ({ leases, configuration, now }: EndLeaseDeps) =>
  ({ lease: id, by, key = by }: LeaseEnding): Promise<Result<Lease, 'no-such-lease' | 'unknown-person'>> =>
    whenStale(async () => {
      const lease = await leases.find(id);
      if (lease === undefined) return fail('no-such-lease');
      const known = configuration.people.some((person) => person.id === by);
      if (!known && wasRefused(lease, key)) return fail('unknown-person');
      const step = known ? revoking(lease, 'early', now(), by) : endRefused(lease, 'unknown-person', now(), by, key);
      if (step === undefined) return ok(lease);
      await leases.commit(lease, step.after, step.events);
      return known ? ok(step.after) : fail('unknown-person');
    });
