import { held, undoing, undone, undoRefused } from '../core/changes/applied.ts';
import type { Change, ChangeRefusal, Edit } from '../core/changes/change.ts';
import { applyStatement, undoStatement } from '../core/changes/digest.ts';
import { isSwitchedOff, undoRefusal } from '../core/changes/may-apply.ts';
import { editsAt } from '../core/changes/moments.ts';
import { settingsId } from '../core/changes/settings.ts';
import { onlyObserving } from '../core/changes/settings-step.ts';
import type { Step } from '../core/changes/step.ts';
import { trialIn } from '../core/changes/trial.ts';
import type { Configuration } from '../core/configuration.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { IamSlots } from './ports/iam.ts';
import type { Verifier } from './ports/signer.ts';
import type { ChangeStore, SettingsStore } from './ports/state-stores.ts';
import { driftedSlots, takeBack } from './put-edits.ts';
import { whenStale } from './when-stale.ts';

export interface UndoChangeDeps {
  changes: Pick<ChangeStore, 'find' | 'commit'>;
  settings: Pick<SettingsStore, 'find'>;
  iam: Pick<IamSlots, 'read' | 'write'>;
  verifier: Verifier;
  configuration: Pick<Configuration, 'rules' | 'people' | 'breakGlass'>;
  now(): Instant;
}

type Reason = { reason: ChangeRefusal; detail: string };
const by = 'undo-change';

/**
 * Puts back byte for byte what a change replaced, once that was approved, and reads it back; or finishes what a crash
 * cut off. A slot that holds neither text is somebody else's work: then nothing is put back and the reason says which.
 * `held`: a switch stops it half way, so it must be delivered again later.
 */
export const undoChange =
  (deps: UndoChangeDeps) =>
  (id: string): Promise<Result<Change, 'no-such-change' | 'not-approved' | 'held' | ChangeRefusal>> =>
    whenStale(() => undoOnce(deps, id));

async function undoOnce(
  deps: UndoChangeDeps,
  id: string,
): Promise<Result<Change, 'no-such-change' | 'not-approved' | 'held' | ChangeRefusal>> {
  const change = await deps.changes.find(id);
  if (change === undefined) return fail('no-such-change');
  if (change.state === 'undone') return ok(change);
  if (change.state !== 'undo-approved' && change.state !== 'undoing')
    return fail(change.refusal?.reason ?? 'not-approved');
  const edits = editsAt(change.plan, change.approvedAt ?? deps.now());
  const refusal = await refusalNow(deps, change);
  if (change.state === 'undoing') {
    if (refusal !== undefined && mustWait(refusal)) return hold(deps, change, refusal);
    return finish(deps, change, edits);
  }
  if (refusal !== undefined) return refuse(deps, change, refusal);
  const drifted = await driftedSlots(deps.iam, edits);
  if (drifted.length > 0) return refuse(deps, change, driftOf(drifted));
  return finish(deps, await commit(deps, change, undoing(change, deps.now(), by)), edits);
}

async function refusalNow(deps: UndoChangeDeps, change: Change): Promise<Reason | undefined> {
  const signed = await isSigned(deps, change);
  const settings = (await deps.settings.find(settingsId)) ?? onlyObserving;
  return undoRefusal(change, { settings, signed, configuration: deps.configuration, now: deps.now() });
}

/** A trial's end is signed with the trial: only what was decided as one can end so. */
async function isSigned({ verifier }: UndoChangeDeps, change: Change): Promise<boolean> {
  const { id, digest, approvedAt, signature, undoSignature, ended } = change;
  if (ended === undefined) {
    return undoSignature !== null && (await verifier.verify(undoStatement(change), undoSignature));
  }
  if (trialIn(change) === undefined || approvedAt === null || signature === null) return false;
  return verifier.verify(applyStatement({ id, digest, approvedAt }), signature);
}

const mustWait = (refusal: Reason): boolean =>
  isSwitchedOff(refusal) || refusal.reason === 'signature-invalid' || refusal.reason === 'digest-mismatch';

async function finish(deps: UndoChangeDeps, change: Change, edits: readonly Edit[]) {
  const foreign = await takeBack(deps.iam, edits, change.id);
  if (foreign.length > 0) return refuse(deps, change, driftOf(foreign));
  return ok(await commit(deps, change, undone(change, deps.now(), by)));
}

const driftOf = (foreign: readonly string[]): Reason => ({
  reason: 'drifted',
  detail: `Left as it is: ${foreign.join('; ')}.`,
});

async function refuse(deps: UndoChangeDeps, change: Change, { reason, detail }: Reason) {
  await commit(deps, change, undoRefused(change, { reason, detail }, deps.now(), by));
  return fail(reason);
}

async function hold(deps: UndoChangeDeps, change: Change, { reason, detail }: Reason) {
  const step = held(change, { reason, detail }, deps.now(), by);
  if (step !== undefined) await commit(deps, change, step);
  return fail('held' as const);
}

async function commit({ changes }: Pick<UndoChangeDeps, 'changes'>, before: Change, step: Step<Change>) {
  await changes.commit(before, step.after, step.events);
  return step.after;
}
