import { type EndLeasesDeps, endLeasesOfLeavers } from '../../usecases/end-leases-of.ts';
import { type KeepRulesDeps, keepRules } from '../../usecases/keep-rules.ts';
import { type LapseChangesDeps, lapseChanges } from '../../usecases/lapse-changes.ts';
import { type SweepLeasesDeps, type Swept, sweepLeases } from '../../usecases/sweep-leases.ts';

export type Deps = SweepLeasesDeps &
  LapseChangesDeps &
  Pick<KeepRulesDeps, 'rulebook'> &
  Pick<EndLeasesDeps, 'people'> & {
    /** The configuration as it was deployed, whatever rules are in force. */
    deployed: KeepRulesDeps['configuration'];
    /** A lease that could not be revoked; after several attempts people are paged. */
    stuck(failure: Swept['failed'][number]): void;
    /** Seconds that access was left after its end, the service-level figure of revocation. */
    lag(seconds: number): void;
  };

/**
 * Takes back what its schedule did not, lapses what nobody decided, and begins to end what was lent to who has left. Fails when a lease could not be revoked, so
 * that the function's own error alarm tells it too.
 */
export const sweepLeasesHandler = (deps: Deps) => async (): Promise<Swept> => {
  const swept = await sweepLeases(deps)();
  deps.lag(swept.lag);
  for (const failure of swept.failed) deps.stuck(failure);
  // None of these waits for another's fault: above all not the end of what was lent to who has left.
  const beside = await Promise.allSettled([
    endLeasesOfLeavers(deps)(),
    lapseChanges(deps)(),
    keepRules({ ...deps, configuration: deps.deployed })(),
  ]);
  for (const each of beside) if (each.status === 'rejected') throw each.reason;
  if (swept.failed.length > 0) throw new Error(`${swept.failed.length} leases could not be revoked`);
  return swept;
};
