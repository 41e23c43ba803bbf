import { applying, leaseOf, refused, verified } from '../core/changes/applied.ts';
import type { AssignmentSlot, Change, ChangeRefusal, Edit } from '../core/changes/change.ts';
import { extensionRefusal } from '../core/changes/lending.ts';
import { editsAt } from '../core/changes/moments.ts';
import type { Lease } from '../core/leases/lease.ts';
import { active, isLive, prepared, provisioning } from '../core/leases/step.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import { assignmentBase, type HoldingDeps, holdAssignment } from './hold-assignment.ts';
import { Stale } from './ports/aggregate-store.ts';
import type { IamSlots } from './ports/iam.ts';
import type { Scheduler } from './ports/scheduler.ts';
import type { ChangeStore, LeaseStore } from './ports/state-stores.ts';
import { checkBase, type Mismatch } from './put-edits.ts';
import { revokeLease } from './revoke-lease.ts';

export interface LendDeps extends Pick<HoldingDeps, 'assignments'> {
  changes: Pick<ChangeStore, 'find' | 'commit'>;
  leases: Pick<LeaseStore, 'find' | 'commit'>;
  iam: Pick<IamSlots, 'read' | 'write'>;
  scheduler: Scheduler;
  now(): Instant;
}

type Reason = { reason: ChangeRefusal; detail: string };
type Lent = Result<Change, ChangeRefusal>;
const by = 'apply-change';

/**
 * Carries out approved lending: the lease with its end is durable first, then its schedule, then IAM, then the
 * read-back, then it is active. Whatever is in doubt is revoked. `refusal` is what forbids it by now; under way that
 * means revoking too, which no switch stops.
 */
export async function lend(deps: LendDeps, change: Change, refusal: Reason | undefined): Promise<Lent> {
  if (refusal !== undefined) return giveUp(deps, change, refusal);
  const under = change.state === 'applying' ? change : await begin(deps, change);
  if (under.state === 'refused') return fail(under.refusal?.reason ?? 'base-changed');
  const lease = (await deps.leases.find(under.lease ?? '')) ?? (await prepare(deps, under));
  if (!isLive(lease)) return giveUp(deps, under, revokedMeanwhile);
  await deps.scheduler.revokeAt(lease.id, lease.endsAt);
  if (lease.state !== 'active') {
    const doubt = await grant(deps, await provision(deps, lease));
    if (doubt) return giveUp(deps, under, doubt);
  }
  const step = verified(under, deps.now(), by);
  await deps.changes.commit(under, step.after, step.events);
  return ok(step.after);
}

async function begin(deps: LendDeps, change: Change): Promise<Change> {
  const approvedAt = change.approvedAt ?? deps.now();
  const edits = editsAt(change.plan, approvedAt);
  const { terms } = change.plan;
  const tooLong = terms.kind === 'lending' ? extensionRefusal(terms, approvedAt) : undefined;
  const moved = tooLong ?? (await baseRefusal(deps, edits));
  const step = moved ? refused(change, { ...moved }, deps.now(), by) : applying(change, edits, deps.now(), by);
  await deps.changes.commit(change, step.after, step.events);
  return step.after;
}

/** An assignment may be there already by another lease; whose it is says the row of its holders. */
async function baseRefusal(deps: LendDeps, edits: readonly Edit[]): Promise<Mismatch | undefined> {
  for (const edit of edits) {
    const { slot } = edit;
    const moved = await (slot.type === 'account-assignment' ? assignmentBase(deps, slot) : checkBase(deps.iam, [edit]));
    if (moved) return moved;
  }
  return undefined;
}

async function prepare(deps: LendDeps, change: Change): Promise<Lease> {
  // The edits from the signed plan, not from the row: the signature does not cover what the row calls applied.
  const edits = editsAt(change.plan, change.approvedAt ?? deps.now());
  const step = prepared({ ...change, applied: edits }, deps.now(), by);
  await deps.leases.commit(undefined, step.after, step.events);
  return step.after;
}

/** Says that IAM may hold the policy before it may. A run that was cut off here goes on under its generation. */
async function provision(deps: LendDeps, lease: Lease): Promise<Lease> {
  const step = provisioning(lease, deps.now(), by);
  if (step === undefined) return lease;
  await deps.leases.commit(lease, step.after, step.events);
  return step.after;
}

/** Undefined when it was written, read back and the lease made active. */
async function grant(deps: LendDeps, lease: Lease): Promise<Mismatch | undefined> {
  const { slot } = lease.edit;
  const mismatch = await (slot.type === 'account-assignment' ? assign(deps, lease, slot) : put(deps, lease));
  return mismatch ?? activate(deps, lease);
}

async function assign(deps: LendDeps, lease: Lease, slot: AssignmentSlot): Promise<Mismatch | undefined> {
  try {
    return await holdAssignment(deps, lease, slot, by);
  } catch (fault) {
    if (fault instanceof Stale) throw fault;
    return { reason: 'not-verified', detail: `Assigning the permission set failed: ${wordsOf(fault)}` };
  }
}

async function put({ iam }: LendDeps, { edit, change }: Lease): Promise<Mismatch | undefined> {
  const { slot, after } = edit;
  const there = await iam.read(slot);
  if (there !== null && there !== after)
    return { reason: 'base-changed', detail: 'Something else stands where the policy would go.' };
  try {
    await iam.write(slot, after, { change });
    return (await iam.read(slot)) === after
      ? undefined
      : { reason: 'not-verified', detail: 'The policy does not read as it was written.' };
  } catch (fault) {
    return { reason: 'not-verified', detail: `Writing the policy failed: ${wordsOf(fault)}` };
  }
}

/** The fence: when the lease was revoked while the policy was on its way, what was written must go again. */
async function activate(deps: LendDeps, lease: Lease): Promise<Mismatch | undefined> {
  const step = active(lease, lease.generation, deps.now(), by);
  if (step === undefined) return revokedMeanwhile;
  try {
    await deps.leases.commit(lease, step.after, step.events);
    return undefined;
  } catch (fault) {
    if (fault instanceof Stale && (await deps.leases.find(lease.id))?.state !== 'active') return revokedMeanwhile;
    throw fault;
  }
}

const revokedMeanwhile: Mismatch = { reason: 'not-verified', detail: 'The access was taken back on its way.' };

/**
 * Takes back whatever may be in IAM; only then is the change refused. Throws while that does not succeed. Also called
 * for a change that is refused already, because a run beside this one may have lent after that.
 */
export async function giveUp(deps: LendDeps, change: Change, { reason, detail }: Reason): Promise<Lent> {
  const refusal = { reason, detail };
  await revokeLease(deps)({ lease: leaseOf(change) ?? '', reason: 'in-doubt', by, again: true, refusal });
  const now = await deps.changes.find(change.id);
  if (now?.state === 'applying') {
    const step = refused(now, refusal, deps.now(), by);
    await deps.changes.commit(now, step.after, step.events);
  }
  return fail(reason);
}

const wordsOf = (fault: unknown): string =>
  fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault);
