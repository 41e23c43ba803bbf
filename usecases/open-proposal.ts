import { openedBy } from '../core/changes/backlog.ts';
import type { Change } from '../core/changes/change.ts';
import type { Configuration } from '../core/configuration.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { ChangeStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface OpenProposalDeps {
  changes: Pick<ChangeStore, 'find' | 'commit'>;
  configuration: Pick<Configuration, 'people' | 'decideWithinHours'>;
  now(): Instant;
}

/**
 * Puts a proposal of the backlog before people, with a message and a deadline of its own. It decides nothing; opening
 * what is open, or over, changes nothing.
 */
export const openProposal =
  ({ changes, configuration, now }: OpenProposalDeps) =>
  ({ change: id, by }: { change: string; by: string }): Promise<Result<Change, 'no-such-change' | 'unknown-person'>> =>
    whenStale(async () => {
      const change = await changes.find(id);
      if (change === undefined) return fail('no-such-change' as const);
      if (!configuration.people.some((person) => person.id === by)) return fail('unknown-person' as const);
      const step = openedBy(change, by, now(), configuration.decideWithinHours);
      if (step === undefined) return ok(change);
      await changes.commit(change, step.after, step.events);
      return ok(step.after);
    });
