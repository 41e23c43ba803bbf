import { applying, held, refused, verified } from '../core/changes/applied.ts';
import type { Change, ChangeRefusal, Edit } from '../core/changes/change.ts';
import { applyStatement } from '../core/changes/digest.ts';
import { applyRefusal, type Circumstances, isSwitchedOff } from '../core/changes/may-apply.ts';
import { editsAt } from '../core/changes/moments.ts';
import { settingsId } from '../core/changes/settings.ts';
import { onlyObserving } from '../core/changes/settings-step.ts';
import type { Step } from '../core/changes/step.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import { giveUp, type LendDeps, lend } from './lend.ts';
import { Stale } from './ports/aggregate-store.ts';
import type { IamSlots } from './ports/iam.ts';
import type { Scheduler } from './ports/scheduler.ts';
import type { Verifier } from './ports/signer.ts';
import type { ChangeStore, LeaseStore, SettingsStore } from './ports/state-stores.ts';
import { checkBase, putEdits, takeBack } from './put-edits.ts';
import { whenStale } from './when-stale.ts';

export interface ApplyChangeDeps extends Pick<LendDeps, 'assignments'> {
  changes: Pick<ChangeStore, 'find' | 'commit'>;
  leases: Pick<LeaseStore, 'find' | 'commit'>;
  settings: Pick<SettingsStore, 'find'>;
  iam: Pick<IamSlots, 'read' | 'write'>;
  scheduler: Scheduler;
  verifier: Verifier;
  configuration: Circumstances['configuration'];
  now(): Instant;
}

type Reason = { reason: ChangeRefusal; detail: string };
const by = 'apply-change';

/**
 * Carries out an approved change, or finishes one that a crash cut off. Throws on a fault, to be delivered again; a
 * refusal is in the change and in the audit. `held`: a switch stops it half way, so it must be delivered again later.
 * Delivered again after the end, it changes nothing.
 */
export const applyChange =
  (deps: ApplyChangeDeps) =>
  (id: string): Promise<Result<Change, 'no-such-change' | 'not-approved' | 'held' | ChangeRefusal>> =>
    whenStale(() => applyOnce(deps, id));

async function applyOnce(deps: ApplyChangeDeps, id: string) {
  const change = await deps.changes.find(id);
  if (change === undefined) return fail('no-such-change' as const);
  if (change.state !== 'approved' && change.state !== 'applying') return settled(deps, change);
  const refusal = await refusalNow(deps, change);
  if (refusal !== undefined && change.state === 'approved') return refuse(deps, change, refusal);
  if (change.plan.kind === 'lending') return lend(deps, change, refusal);
  if (refusal !== undefined && mustWait(refusal)) return hold(deps, change, refusal);
  // Under way, a change is finished even if an approver has left since: it began with every right.
  return change.state === 'approved' ? begin(deps, change) : finish(deps, change);
}

async function settled(deps: ApplyChangeDeps, change: Change): Promise<Result<Change, 'not-approved' | ChangeRefusal>> {
  if (change.state === 'refused' && change.refusal !== null) {
    const { refusal } = change;
    return change.plan.kind === 'lending' ? giveUp(deps, change, refusal) : fail(refusal.reason);
  }
  return change.approvedAt === null ? fail('not-approved') : ok(change);
}

async function refusalNow(deps: ApplyChangeDeps, change: Change): Promise<Reason | undefined> {
  const { id, digest, approvedAt, signature } = change;
  const signed =
    approvedAt !== null &&
    signature !== null &&
    (await deps.verifier.verify(applyStatement({ id, digest, approvedAt }), signature));
  const settings = (await deps.settings.find(settingsId)) ?? onlyObserving;
  return applyRefusal(change, { settings, signed, configuration: deps.configuration, now: deps.now() });
}

/** A switch can be turned back, and what is not signed is not touched in either direction. */
const mustWait = (refusal: Reason): boolean =>
  isSwitchedOff(refusal) || refusal.reason === 'signature-invalid' || refusal.reason === 'digest-mismatch';

async function begin(deps: ApplyChangeDeps, change: Change) {
  const edits = editsAt(change.plan, change.approvedAt ?? deps.now());
  const moved = await checkBase(deps.iam, edits);
  if (moved) return refuse(deps, change, moved);
  return finish(deps, await commit(deps, change, applying(change, edits, deps.now(), by)));
}

async function finish(deps: ApplyChangeDeps, change: Change) {
  // From the signed plan, not from the row's `applied`: the signature does not cover that.
  const edits = editsAt(change.plan, change.approvedAt ?? deps.now());
  const mismatch = await putEdits(deps.iam, edits, change.id);
  if (mismatch === undefined) return confirm(deps, change, edits);
  const foreign = await takeBack(deps.iam, edits, change.id);
  const left = foreign.map((words) => ` Left as it is: ${words}.`).join('');
  return refuse(deps, change, { ...mismatch, detail: `${mismatch.detail}${left}` });
}

/** The fence: when it was undone while this run was writing, what this run wrote must go again. */
async function confirm(deps: ApplyChangeDeps, change: Change, edits: readonly Edit[]) {
  try {
    return ok(await commit(deps, change, verified(change, deps.now(), by)));
  } catch (fault) {
    const now = fault instanceof Stale ? await deps.changes.find(change.id) : undefined;
    if (now?.state === 'undoing' || now?.state === 'undone') await takeBack(deps.iam, edits, change.id);
    throw fault;
  }
}

async function refuse(deps: Pick<ApplyChangeDeps, 'changes' | 'now'>, change: Change, refusal: Reason) {
  await commit(deps, change, refused(change, { reason: refusal.reason, detail: refusal.detail }, deps.now(), by));
  return fail(refusal.reason);
}

async function hold(deps: ApplyChangeDeps, change: Change, refusal: Reason) {
  const step = held(change, refusal, deps.now(), by);
  if (step !== undefined) await commit(deps, change, step);
  return fail('held' as const);
}

async function commit({ changes }: Pick<ApplyChangeDeps, 'changes'>, before: Change, step: Step<Change>) {
  await changes.commit(before, step.after, step.events);
  return step.after;
}
