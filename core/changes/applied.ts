import type { Instant } from '../time.ts';
import type { Change, ChangeRefusal, Edit } from './change.ts';
import { type Step, stepOf } from './step.ts';

/** From here on IAM may hold some of the edits. */
export const applying = (change: Change, edits: readonly Edit[], at: Instant, by: string): Step<Change> =>
  stepOf(
    change,
    { state: 'applying', applied: edits, lease: leaseOf(change) },
    { type: 'change.applying', at, by, data: { edits: edits.map(({ slot }) => slot) } },
  );

/** Every slot was read back and holds exactly what was approved. */
export const verified = (change: Change, at: Instant, by: string): Step<Change> =>
  stepOf(change, { state: 'verified', appliedAt: at, refusal: null }, { type: 'change.verified', at, by });

/** Not applied, and nothing of it is left in IAM. */
export const refused = (
  change: Change,
  refusal: { reason: ChangeRefusal; detail: string },
  at: Instant,
  by: string,
): Step<Change> => stepOf(change, { state: 'refused', refusal }, { type: 'change.refused', at, by, data: refusal });

/**
 * Something stopped it half way and nothing may be written now, not even to go back. It stays where it is and goes on
 * when it is tried again. Undefined when that was told already.
 */
export const held = (
  change: Change,
  refusal: { reason: ChangeRefusal; detail: string },
  at: Instant,
  by: string,
): Step<Change> | undefined =>
  change.refusal?.reason === refusal.reason
    ? undefined
    : stepOf(change, { refusal }, { type: 'change.held', at, by, data: refusal });

/** From here on IAM may hold some of the original again. */
export const undoing = (change: Change, at: Instant, by: string): Step<Change> =>
  stepOf(change, { state: 'undoing' }, { type: 'change.undoing', at, by });

/** Every slot was read back and holds exactly what it held before. */
export const undone = (change: Change, at: Instant, by: string): Step<Change> =>
  stepOf(change, { state: 'undone', refusal: null }, { type: 'change.undone', at, by });

/** The undo was not carried out; what it asked for has to be asked for again. */
export const undoRefused = (
  change: Change,
  refusal: { reason: ChangeRefusal; detail: string },
  at: Instant,
  by: string,
): Step<Change> =>
  stepOf(change, { state: 'verified', refusal }, { type: 'change.undo-refused', at, by, data: refusal });

/** A lending change has one lease, named for it. */
export const leaseOf = (change: Pick<Change, 'id' | 'plan'>): string | null =>
  change.plan.kind === 'lending' ? leaseIdOf(change.id) : null;

/** `chg-X` lends by lease `X`. */
export const leaseIdOf = (change: string): string => change.replace(/^chg-/, '');
