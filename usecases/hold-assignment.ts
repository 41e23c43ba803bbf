import type { AssignmentSlot } from '../core/changes/change.ts';
import {
  type AssignmentStep,
  assigned,
  assignmentId,
  gone,
  type HeldAssignment,
  type HoldRefusal,
  held,
  isInvolved,
  isUnsettled,
  released,
  removing,
  settled,
} from '../core/leases/assignment.ts';
import type { Lease } from '../core/leases/lease.ts';
import { ok } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { IamSlots } from './ports/iam.ts';
import type { AssignmentStore } from './ports/state-stores.ts';
import type { Mismatch } from './put-edits.ts';

export interface HoldingDeps {
  assignments: Pick<AssignmentStore, 'find' | 'commit'>;
  iam: Pick<IamSlots, 'read' | 'write'>;
  now(): Instant;
}

/** Why no lease could hold the assignment now; undefined where one could. Asked before there is a lease. */
export async function assignmentBase(deps: HoldingDeps, slot: AssignmentSlot): Promise<Mismatch | undefined> {
  const step = await holding(deps, slot, '', 'nobody');
  return step.ok ? undefined : { reason: 'base-changed', detail: holdWords[step.error] };
}

/** In this order: whoever made it meanwhile held it before, and is in the row. */
async function holding({ iam, assignments, now }: HoldingDeps, slot: AssignmentSlot, lease: string, by: string) {
  const isThere = (await iam.read(slot)) !== null;
  const row = await assignments.find(assignmentId(slot));
  const step = held(row, slot, lease, isThere, now(), by);
  return step.ok ? ok({ row, step: step.value }) : step;
}

/**
 * Makes the assignment of a lease, unless another lease has made it, and reads it back. That the lease holds it is durable
 * before the first call. What stood before is not held: undefined when it was lent, else why not.
 */
export async function holdAssignment(
  deps: HoldingDeps,
  { id, change }: Lease,
  slot: AssignmentSlot,
  by: string,
): Promise<Mismatch | undefined> {
  const made = await holding(deps, slot, id, by);
  if (!made.ok) return { reason: 'base-changed', detail: holdWords[made.error] };
  if (made.value.step !== null) await commit(deps, made.value.row, made.value.step);
  await deps.iam.write(slot, assigned, { change });
  return (await deps.iam.read(slot)) === assigned
    ? undefined
    : { reason: 'not-verified', detail: 'The assignment does not read as it was made.' };
}

const holdWords: Readonly<Record<HoldRefusal, string>> = {
  'stood-before': 'They have this permission set there already, and not by a loan: ending one would take it away.',
  'being-taken-away': 'The same access is being taken back; it can be lent again three minutes after it is gone.',
};

/**
 * Takes the lease off its assignment, and the assignment away where no other lease holds it; gives the fault while that
 * does not succeed. Also whoever did not hold it, or died while taking it away, ends here with nothing of it left.
 */
export async function releaseAssignment(
  deps: HoldingDeps,
  { id, change }: Lease,
  slot: AssignmentSlot,
  by: string,
): Promise<Error | undefined> {
  const row = await deps.assignments.find(assignmentId(slot));
  const step = released(row, id, deps.now(), by);
  const now = step === undefined ? row : await commit(deps, row, step);
  return now?.removing === id ? takeAway(deps, now, { id, change }, slot, by) : undefined;
}

/**
 * Looks again after a lease is over: whatever a run that was held up did since then goes, unless another lease holds it.
 * Gives whether anything had to be done. Throws while it does not succeed.
 */
export async function releaseAgain(
  deps: HoldingDeps,
  lease: Lease,
  slot: AssignmentSlot,
  by: string,
): Promise<boolean> {
  const row = await deps.assignments.find(assignmentId(slot));
  const wasHeld = isInvolved(row, lease.id);
  if (wasHeld) await releaseAssignment(deps, lease, slot, by).then(thrown);
  if (wasHeld || !isUnsettled(row)) return wasHeld;
  if ((await deps.iam.read(slot)) === null) {
    const step = settled(row, lease.id, deps.now(), by);
    if (step !== undefined) await commit(deps, row, step);
    return false;
  }
  const taken = await commit(deps, row, removing(row, lease.id, deps.now(), by));
  thrown(await takeAway(deps, taken, lease, slot, by));
  return true;
}

function thrown(fault: Error | undefined): void {
  if (fault !== undefined) throw fault;
}

async function takeAway(
  deps: HoldingDeps,
  row: HeldAssignment,
  { id, change }: Pick<Lease, 'id' | 'change'>,
  slot: AssignmentSlot,
  by: string,
): Promise<Error | undefined> {
  try {
    await deps.iam.write(slot, null, { change });
    if ((await deps.iam.read(slot)) !== null) return new Error('the assignment is still there');
  } catch (fault) {
    return fault instanceof Error ? fault : new Error(String(fault));
  }
  const step = gone(row, id, deps.now(), by);
  if (step !== undefined) await commit(deps, row, step);
  return undefined;
}

async function commit(
  { assignments }: HoldingDeps,
  before: HeldAssignment | undefined,
  { after, events }: AssignmentStep,
): Promise<HeldAssignment> {
  await assignments.commit(before, after, events);
  return after;
}
