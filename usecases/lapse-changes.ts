import { refused } from '../core/changes/applied.ts';
import type { Change } from '../core/changes/change.ts';
import { isOverdue, lapsed } from '../core/changes/decided.ts';
import { lateRefusal } from '../core/changes/may-apply.ts';
import { reviewOverdue } from '../core/changes/review.ts';
import type { Step } from '../core/changes/step.ts';
import type { Instant } from '../core/time.ts';
import { Stale } from './ports/aggregate-store.ts';
import type { ChangeStore } from './ports/state-stores.ts';

export interface LapseChangesDeps {
  changes: Pick<ChangeStore, 'list' | 'commit'>;
  now(): Instant;
}

/**
 * Ends what nobody decided, or nothing carried out, in time: every state that waits has a deadline. What was taken in an
 * emergency and nobody has reviewed in time is told. Gives the ids.
 */
export const lapseChanges =
  ({ changes, now }: LapseChangesDeps) =>
  async (): Promise<readonly string[]> => {
    const at = now();
    const over: string[] = [];
    for (const change of await changes.list(1000)) {
      const step = lapseOf(change, at);
      if (step === undefined) continue;
      const { after, events } = step;
      try {
        await changes.commit(change, after, events);
        over.push(change.id);
      } catch (fault) {
        // Somebody decided or began in this very moment: then it is no longer overdue.
        if (!(fault instanceof Stale)) throw fault;
      }
    }
    return over;
  };

/**
 * Only what was never begun: a change that is under way is finished or put back by whoever carries it out. Lending that
 * was begun is over with its end, since its lease is taken back on its own.
 */
function lapseOf(change: Change, at: Instant): Step<Change> | undefined {
  if (isOverdue(change, at)) return lapsed(change, at, by);
  const unseen = reviewOverdue(change, at, by);
  if (unseen !== undefined) return unseen;
  const waits = change.state === 'approved' || (change.state === 'applying' && change.plan.kind === 'lending');
  const late = waits ? lateRefusal(change, at) : undefined;
  return late && refused(change, late, at, by);
}

const by = 'sweep-leases';
