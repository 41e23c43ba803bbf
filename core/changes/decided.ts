import { type Approvers, type Click, decide, type Matter, type Outcome } from '../approvals/decide.ts';
import type { Facts } from '../approvals/matching.ts';
import type { Refusal } from '../approvals/rules.ts';
import { withRefused } from '../audit/refused-clicks.ts';
import { privilegeClassOf } from '../catalogue/privilege-class.ts';
import type { ActorId } from '../identity/principal.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Instant } from '../time.ts';
import type { Change, Review, Terms } from './change.ts';
import { undoDigestOf } from './digest.ts';
import { riskOf } from './risk.ts';
import { type Step, stepOf } from './step.ts';

/** What of a change is being decided: its plan, or its undo where that was asked for. */
export function matterOf(change: Change): Matter {
  const undoing = change.state === 'undo-planned' ? change.undo : null;
  return {
    kind: change.plan.kind,
    risk: riskOf(change),
    facts: factsOf(change.plan.terms),
    accounts: accountsOf(change),
    open: change.state === 'planned' || change.state === 'undo-planned',
    digest: undoing ? undoDigestOf(change) : change.digest,
    decideBy: undoing?.decideBy ?? change.decideBy,
    parties: [change.requester, change.beneficiary, undoing?.by ?? null].filter((id) => id !== null),
    lineage: [...change.lineage, ...ownActors(change)],
    ...(undoing ? {} : emergencyOf(change)),
    decisions: undoing ? change.undoDecisions : change.decisions,
  };
}

/** Only what the digest covers says that it is one. */
function emergencyOf({ plan: { terms }, review }: Change): Pick<Matter, 'emergency'> {
  if (terms.kind !== 'lending' || terms.emergency === undefined) return {};
  return { emergency: { duration: terms.duration, denied: review?.said?.verdict === 'deny' } };
}

/** Only what the digest covers: whoever rewrites a row must not choose the rules. */
function factsOf(terms: Terms): Facts {
  if (terms.kind !== 'lending') return {};
  const { permissionSet: set, about } = terms;
  if (set) return { ...about, ...(set.classes && { classes: set.classes }), permissionSets: [set.name] };
  return { ...about, classes: [...new Set(terms.actions.map(privilegeClassOf))], permissionSets: [] };
}

/** Every account that an edit touches, and the plan's own. */
export const accountsOf = (change: Pick<Change, 'plan'>): readonly string[] => [
  ...new Set([change.plan.account, ...change.plan.edits.map(({ slot }) => slot.account)]),
];

/** The target may not decide about itself, whatever the plan's maker wrote into the lineage. */
const ownActors = ({ plan }: Change): readonly ActorId[] => [
  plan.target as ActorId,
  ...(plan.terms.kind === 'quarantine' ? [plan.terms.actor] : []),
];

/** A decision that counts. When it is the last that was needed, the caller signs and calls `approved`. */
export const judge = (change: Change, click: Click, approvers: Approvers): Result<Outcome, Refusal> =>
  decide(matterOf(change), click, approvers);

/** An approval that is not yet enough. */
export const approvalRecorded = (change: Change, { decision }: Outcome): Step<Change> =>
  stepOf(change, withDecision(change, decision), {
    type: change.state === 'undo-planned' ? 'change.undo-approval-recorded' : 'change.approval-recorded',
    at: decision.at,
    by: decision.by,
    data: { rule: decision.rule },
  });

/** The last approval, with the signature over `applyStatement` (or `undoStatement`). For lending the clock starts. */
export function approved(change: Change, { decision, reviewBy }: Outcome, signature: string): Step<Change> {
  const telling = { at: decision.at, by: decision.by, data: { rule: decision.rule } };
  if (change.state === 'undo-planned') {
    const patch = { ...withDecision(change, decision), state: 'undo-approved' as const, undoSignature: signature };
    return stepOf(change, patch, { ...telling, type: 'change.undo-approved' });
  }
  const patch = { ...withDecision(change, decision), state: 'approved' as const, signature, approvedAt: decision.at };
  if (reviewBy === undefined) return stepOf(change, patch, { ...telling, type: 'change.approved' });
  const review: Review = { due: reviewBy, said: null, overdue: false };
  // `alarm` wakes people whatever becomes of the message (lib/alarms.ts).
  const data = { rule: decision.rule, alarm: 'emergency', reviewBy };
  return stepOf(change, { ...patch, review }, { ...telling, type: 'change.approved', data });
}

/** A denial: of the plan for good, of an undo until somebody asks again. */
export function denied(change: Change, { decision }: Outcome): Step<Change> {
  const telling = { at: decision.at, by: decision.by, data: { rule: decision.rule } };
  if (change.state === 'undo-planned') {
    const patch = { ...withDecision(change, decision), state: 'verified' as const };
    return stepOf(change, patch, { ...telling, type: 'change.undo-denied' });
  }
  const patch = { ...withDecision(change, decision), state: 'denied' as const };
  return stepOf(change, patch, { ...telling, type: 'change.denied' });
}

/** Whether nobody decided in time. */
export const isOverdue = (change: Change, now: Instant): boolean => {
  const { open, decideBy } = matterOf(change);
  return open && now > decideBy;
};

/** Nobody decided in time: the plan is over, an undo may be asked for again. `click` names the click that came late. */
export function lapsed(change: Change, at: Instant, by: string, click?: string): Step<Change> {
  const late = click === undefined ? {} : withRefused(change, click);
  return change.state === 'undo-planned'
    ? stepOf(change, { state: 'verified', ...late }, { type: 'change.undo-lapsed', at, by })
    : stepOf(change, { state: 'lapsed', ...late }, { type: 'change.lapsed', at, by });
}

/** A click that was refused decides nothing but is kept. `key` names the click. */
export const decisionRefused = (change: Change, click: Click, refusal: Refusal, key: string): Step<Change> =>
  stepOf(change, withRefused(change, key), {
    type: 'change.decision-refused',
    at: click.at,
    by: click.by,
    data: { refusal, verdict: click.verdict },
  });

/** Somebody asks to lift a restriction. Only a verified change that is no lease can be asked about. */
export function undoPlanned(
  change: Change,
  asking: { by: string; at: Instant; reason: string; decideBy: Instant },
): Result<Step<Change>, 'not-verified' | 'is-a-lease'> {
  if (change.plan.kind === 'lending') return fail('is-a-lease');
  if (change.state !== 'verified') return fail('not-verified');
  const patch = { state: 'undo-planned' as const, undo: asking, undoDecisions: [], undoSignature: null, refusal: null };
  const { by, at, reason } = asking;
  return ok(stepOf(change, patch, { type: 'change.undo-planned', at, by, data: { reason } }));
}

const withDecision = (change: Change, decision: Outcome['decision']): Partial<Change> =>
  change.state === 'undo-planned'
    ? { undoDecisions: [...change.undoDecisions, decision] }
    : { decisions: [...change.decisions, decision] };

/** Somebody asked for an undo that cannot be asked for. `key` names the attempt. */
export const askingRefused = (
  change: Change,
  { by, at }: { by: string; at: Instant },
  refusal: string,
  key: string,
): Step<Change> =>
  stepOf(change, withRefused(change, key), { type: 'change.undo-asking-refused', at, by, data: { refusal } });
