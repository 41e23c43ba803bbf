import type { ActorId } from '../identity/principal.ts';
import { type Instant, plusSeconds } from '../time.ts';
import type { Change, ChangeId, ChangeRefusal, Plan, Terms } from './change.ts';
import { digestOf } from './digest.ts';
import { firstStep, type Step, type Unborn } from './step.ts';

/** What a new change is made of. `by` is who planned it: a person's id or a function's name. */
export interface Planning {
  id: ChangeId;
  plan: Plan;
  /** Person ids; null where the system proposes. */
  requester: string | null;
  beneficiary: string | null;
  /** The target's own lineage and every identity of requester and beneficiary: none of them may decide. */
  lineage: readonly ActorId[];
  at: Instant;
  decideWithinHours: number;
  by: string;
  /** Whether it waits in the week's backlog until somebody opens it. */
  backlog?: boolean;
}

/** A change that waits for its decision. */
export const planned = (planning: Planning): Step<Change> =>
  firstStep(unborn(planning), {
    type: 'change.planned',
    at: planning.at,
    by: planning.by,
    data: asked(planning),
  });

/** A change that was asked for and cannot be: kept, because refusals belong into the audit too. */
export const bornRefused = (planning: Planning, reason: ChangeRefusal, detail: string): Step<Change> =>
  firstStep(
    { ...unborn(planning), state: 'refused', refusal: { reason, detail } },
    { type: 'change.refused', at: planning.at, by: planning.by, data: { ...asked(planning), reason, detail } },
  );

/** What the audit must be able to say without the table: for whom, on what, and why. */
const asked = ({ plan, requester, beneficiary }: Planning) => ({
  account: plan.account,
  target: plan.target,
  requester,
  beneficiary,
  why: whyOf(plan.terms),
});

/** Bounded: the lists of a right-sizing may be longer than an event on the bus. */
function whyOf(terms: Terms): Readonly<Record<string, unknown>> {
  if (terms.kind === 'lending') {
    const { reason, actions, resources, duration, permissionSet } = terms;
    return { reason, actions, resources, duration, ...(permissionSet && { permissionSet: permissionSet.name }) };
  }
  if (terms.kind === 'quarantine') return { case: terms.case, actor: terms.actor, alsoHit: terms.alsoHit.length };
  const { window, removed, kept, stage } = terms;
  return { window, removed: removed.length, kept: kept.length, ...(stage && { step: stage.step }) };
}

function unborn({ id, plan, requester, beneficiary, lineage, at, decideWithinHours, backlog }: Planning): Unborn {
  return {
    ...(backlog ? { backlog: { opened: null } } : {}),
    v: 1,
    id,
    state: 'planned',
    plan,
    digest: digestOf(plan),
    requester,
    beneficiary,
    lineage,
    plannedAt: at,
    decideBy: plusSeconds(at, decideWithinHours * 3600),
    decisions: [],
    undo: null,
    undoDecisions: [],
    signature: null,
    undoSignature: null,
    approvedAt: null,
    appliedAt: null,
    applied: [],
    refusal: null,
    lease: null,
  };
}
