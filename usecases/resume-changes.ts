import type { Change, ChangeKind } from '../core/changes/change.ts';
import { undoDecidedAt } from '../core/changes/trial.ts';
import { type Instant, secondsOf } from '../core/time.ts';
import { type ApplyChangeDeps, applyChange } from './apply-change.ts';
import type { ChangeStore } from './ports/state-stores.ts';
import { type UndoChangeDeps, undoChange } from './undo-change.ts';

export type ResumeChangesDeps = Omit<ApplyChangeDeps & UndoChangeDeps, 'changes'> & {
  changes: Pick<ChangeStore, 'find' | 'commit' | 'list'>;
  /** Lending is not among them: its lease is taken back on its own. */
  kinds: readonly Exclude<ChangeKind, 'lending'>[];
};

/** What one sweep did, by ids of changes. */
export interface Resumed {
  /** At an end now: verified, undone or refused. */
  ended: readonly string[];
  /** A switch stops them half way; the next sweep asks again. */
  held: readonly string[];
  failed: readonly { change: string; detail: string }[];
}

/** Decided so long ago, a change is not on its way any more, in seconds: whatever carried it out has died. */
const onItsWay = 600;

/**
 * Goes on with what was decided and is not done, for when a function died and its message lies in the dead letters: by
 * the same code, with the same signature and switches, so that a run which is still alive does no harm. One that fails
 * does not stop the others.
 */
export const resumeChanges = (deps: ResumeChangesDeps) => async (): Promise<Resumed> => {
  const ended: string[] = [];
  const held: string[] = [];
  const failed: { change: string; detail: string }[] = [];
  for (const change of await stuckOnes(deps)) {
    try {
      const done = await (isUndo(change) ? undoChange(deps) : applyChange(deps))(change.id);
      if (!done.ok && done.error === 'held') held.push(change.id);
      else ended.push(change.id);
    } catch (fault) {
      failed.push({ change: change.id, detail: fault instanceof Error ? fault.message : String(fault) });
    }
  }
  return { ended, held, failed };
};

async function stuckOnes({ changes, kinds, now }: ResumeChangesDeps): Promise<readonly Change[]> {
  const at = now();
  const wanted: readonly ChangeKind[] = kinds;
  return (await changes.list(1000)).filter((change) => wanted.includes(change.plan.kind) && isStuck(change, at));
}

const isUndo = ({ state }: Change): boolean => state === 'undo-approved' || state === 'undoing';

function isStuck(change: Change, now: Instant): boolean {
  const isApply = change.state === 'approved' || change.state === 'applying';
  if (!isApply && !isUndo(change)) return false;
  const decidedAt = isApply ? change.approvedAt : undoDecidedAt(change);
  return decidedAt == null || secondsOf(now) - secondsOf(decidedAt) >= onItsWay;
}
