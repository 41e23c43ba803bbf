import type { Change } from '../core/changes/change.ts';
import type { Configuration } from '../core/configuration.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { secondsOf } from '../core/time.ts';
import type { LeaseStore } from './ports/state-stores.ts';
import type { AccessRequest } from './request-access.ts';

export interface ExtendLeaseDeps {
  leases: Pick<LeaseStore, 'find'>;
  configuration: Pick<Configuration, 'lending'>;
  requestAccess(request: AccessRequest): Promise<Change>;
}

export interface LeaseExtension {
  lease: string;
  /** Person id. */
  by: string;
  /** Names the click, so that its second delivery asks nothing new. */
  key: string;
}

/**
 * Asks for the same access to go on for as long again: a new request, decided anew. Whoever it is lent to may ask, and
 * nobody in their place.
 */
export const extendLease =
  ({ leases, configuration, requestAccess }: ExtendLeaseDeps) =>
  async ({ lease: id, by, key }: LeaseExtension): Promise<Result<Change, 'no-such-lease' | 'not-yours'>> => {
    const lease = await leases.find(id);
    if (lease === undefined) return fail('no-such-lease');
    if (lease.beneficiary !== by) return fail('not-yours');
    const lent = secondsOf(lease.endsAt) - secondsOf(lease.startsAt);
    return ok(
      await requestAccess({
        key,
        by,
        beneficiary: by,
        target: lease.carrier,
        actions: [],
        resources: [],
        duration: Math.min(lent, configuration.lending.maxHours * 3600),
        reason: `to go on with lease ${id}`,
        extends: id,
      }),
    );
  };
