import { refused, undone } from '../core/changes/applied.ts';
import type { Change } from '../core/changes/change.ts';
import type { Lease, RevokeReason } from '../core/leases/lease.ts';
import { isBeingRevoked, type LeaseStep, removedAgain, revoked, revokeFailed, revoking } from '../core/leases/step.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import { type HoldingDeps, releaseAgain, releaseAssignment } from './hold-assignment.ts';
import type { IamSlots } from './ports/iam.ts';
import type { Scheduler } from './ports/scheduler.ts';
import type { ChangeStore, LeaseStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface RevokeLeaseDeps extends Pick<HoldingDeps, 'assignments'> {
  leases: Pick<LeaseStore, 'find' | 'commit'>;
  changes: Pick<ChangeStore, 'find' | 'commit'>;
  iam: Pick<IamSlots, 'read' | 'write'>;
  scheduler: Pick<Scheduler, 'cancel'>;
  now(): Instant;
}

export interface Revocation {
  lease: string;
  reason: RevokeReason;
  /** A person's id, a function's name, or `schedule`. */
  by: string;
  /** True: look into IAM even where the lease says that the policy is gone; a late writer may have put it back. */
  again?: boolean;
  /** What the change is refused with where it was not yet verified. */
  refusal?: NonNullable<Change['refusal']>;
}

/**
 * Takes lent access back: deletes the policy, and calls it revoked only when reading back finds it absent. An assignment
 * that another lease holds too stays with that one. Needs no
 * decision, no signature and no switch. Throws while it does not succeed, to be delivered again; every failed attempt
 * is kept in the lease.
 */
export const revokeLease =
  (deps: RevokeLeaseDeps) =>
  (revocation: Revocation): Promise<Result<Lease, 'no-such-lease'>> =>
    whenStale(async () => {
      const found = await deps.leases.find(revocation.lease);
      if (found === undefined) return fail('no-such-lease');
      let lease = found;
      const begun = revoking(lease, revocation.reason, deps.now(), revocation.by);
      if (begun) lease = await commit(deps, lease, begun);
      if (isBeingRevoked(lease)) lease = await remove(deps, lease, revocation.by);
      else if (revocation.again) lease = await removeAgain(deps, lease, revocation.by);
      await deps.scheduler.cancel(lease.id);
      await settleChange(deps, lease, revocation);
      return ok(lease);
    });

async function remove(deps: RevokeLeaseDeps, lease: Lease, by: string): Promise<Lease> {
  const { slot } = lease.edit;
  const isAssigned = slot.type === 'account-assignment';
  const fault = await (isAssigned ? releaseAssignment(deps, lease, slot, by) : deleted(deps.iam, lease));
  if (fault === undefined) {
    const step = revoked(lease, deps.now(), by);
    return step === undefined ? lease : commit(deps, lease, step);
  }
  await commit(deps, lease, revokeFailed(lease, fault.message, deps.now(), by));
  throw new Error(`lease ${lease.id} is not revoked: ${fault.message}`, { cause: fault });
}

/** The policy's name carries the lease's id, so whatever stands there is ours to remove, altered or not. */
async function deleted(iam: RevokeLeaseDeps['iam'], { edit, change }: Lease): Promise<Error | undefined> {
  try {
    await iam.write(edit.slot, null, { change });
    return (await iam.read(edit.slot)) === null ? undefined : new Error('the policy is still there');
  } catch (fault) {
    return fault instanceof Error ? fault : new Error(String(fault));
  }
}

async function removeAgain(deps: RevokeLeaseDeps, lease: Lease, by: string): Promise<Lease> {
  const { slot } = lease.edit;
  if (slot.type === 'account-assignment') {
    const wasThere = await releaseAgain(deps, lease, slot, by);
    return wasThere ? commit(deps, lease, removedAgain(lease, deps.now(), by)) : lease;
  }
  if ((await deps.iam.read(slot)) === null) return lease;
  const fault = await deleted(deps.iam, lease);
  if (fault !== undefined) throw new Error(`lease ${lease.id} is back in IAM: ${fault.message}`, { cause: fault });
  return commit(deps, lease, removedAgain(lease, deps.now(), by));
}

/** The change's row follows the lease's: one aggregate a transaction, so it may be a run behind. */
async function settleChange(deps: RevokeLeaseDeps, lease: Lease, { by, refusal }: Revocation): Promise<void> {
  const change = await deps.changes.find(lease.change);
  if (change?.state !== 'verified' && change?.state !== 'applying') return;
  const at = deps.now();
  const step = change.state === 'verified' ? undone(change, at, by) : refused(change, refusal ?? inDoubt, at, by);
  await deps.changes.commit(change, step.after, step.events);
}

const inDoubt: NonNullable<Change['refusal']> = {
  reason: 'not-verified',
  detail: 'The access was taken back before it was confirmed.',
};

async function commit({ leases }: Pick<RevokeLeaseDeps, 'leases'>, before: Lease, step: LeaseStep): Promise<Lease> {
  await leases.commit(before, step.after, step.events);
  return step.after;
}
