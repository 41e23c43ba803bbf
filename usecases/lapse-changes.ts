import { isOverdue, lapsed } from '../core/changes/decided.ts';
import type { Instant } from '../core/time.ts';
import { Stale } from './ports/aggregate-store.ts';
import type { ChangeStore } from './ports/state-stores.ts';

export interface LapseChangesDeps {
  changes: Pick<ChangeStore, 'list' | 'commit'>;
  now(): Instant;
}

/** Ends what nobody decided in time: every state that waits has a deadline. Gives the ids. */
export const lapseChanges =
  ({ changes, now }: LapseChangesDeps) =>
  async (): Promise<readonly string[]> => {
    const at = now();
    const over: string[] = [];
    for (const change of await changes.list(1000)) {
      if (!isOverdue(change, at)) continue;
      const { after, events } = lapsed(change, at, 'sweep-leases');
      try {
        await changes.commit(change, after, events);
        over.push(change.id);
      } catch (fault) {
        // Somebody decided in this very moment: then it is no longer overdue.
        if (!(fault instanceof Stale)) throw fault;
      }
    }
    return over;
  };
