import type { Confirmation } from '../core/approvals/confirmation.ts';
import type { Click, Outcome } from '../core/approvals/decide.ts';
import { earlierRefusal } from '../core/approvals/earlier-emergencies.ts';
import type { Refusal } from '../core/approvals/rules.ts';
import { canonicalHash } from '../core/audit/canonical.ts';
import { wasRefused } from '../core/audit/refused-clicks.ts';
import type { Change } from '../core/changes/change.ts';
import {
  approvalRecorded,
  approved,
  decisionRefused,
  denied,
  isOverdue,
  judge,
  lapsed,
} from '../core/changes/decided.ts';
import { applyStatement, isReviewDue, reviewDigestOf, undoStatement } from '../core/changes/digest.ts';
import { reviewed } from '../core/changes/review.ts';
import type { Step } from '../core/changes/step.ts';
import { type Configuration, longestLoanOf } from '../core/configuration.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { Signer } from './ports/signer.ts';
import type { ChangeStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface DecideChangeDeps {
  changes: Pick<ChangeStore, 'find' | 'commit' | 'list'>;
  signer: Signer;
  configuration: Pick<
    Configuration,
    'rules' | 'people' | 'groups' | 'onCall' | 'confirmAbove' | 'standing' | 'lending'
  >;
  now(): Instant;
}

/** One click on a change: its plan, its undo where that is being asked for, or the review of what was taken in an emergency. */
export interface ChangeDecision {
  change: string;
  /** Person id. */
  by: string;
  verdict: 'approve' | 'deny';
  /** `digestToDecide` of the change as it was shown. */
  digest: string;
  /** Names the click, so that a second delivery of it does nothing; absent: the click's contents name it. */
  key?: string;
  /** The proof by the person's own session of AWS. */
  confirmation?: Confirmation;
}

/** Decides, and signs what was approved. The same click delivered twice decides once. */
export const decideChange =
  (deps: DecideChangeDeps) =>
  (decision: ChangeDecision): Promise<Result<Change, Refusal | 'no-such-change'>> =>
    whenStale(() => decideOnce(deps, decision));

async function decideOnce(
  deps: DecideChangeDeps,
  { change: id, by, verdict, digest, key, confirmation }: ChangeDecision,
): Promise<Result<Change, Refusal | 'no-such-change'>> {
  const change = await deps.changes.find(id);
  if (change === undefined) return fail('no-such-change');
  if (wasCounted(change, by, verdict, digest)) return ok(change);
  const click: Click = { by, verdict, digest, at: deps.now(), ...(confirmation && { confirmation }) };
  if (isReviewDue(change)) return review(deps, change, click, key);
  if (isOverdue(change, click.at)) {
    const { after, events } = lapsed(change, click.at, 'decide-change', nameOf(click, key));
    await deps.changes.commit(change, after, events);
    return fail('lapsed');
  }
  const judged = await judgedWithEarlier(deps, change, click);
  if (!judged.ok) {
    await keepRefusal(deps, change, click, judged.error, key);
    return judged;
  }
  const { after, events } = await outcomeOf(deps, change, judged.value);
  await deps.changes.commit(change, after, events);
  return ok(after);
}

/** How many of the newest changes are looked through for what was taken in an emergency before. */
const newest = 1000;

/** What is taken in an emergency depends on what the same person took before. */
async function judgedWithEarlier({ changes, configuration }: DecideChangeDeps, change: Change, click: Click) {
  const judged = judge(change, click, configuration);
  if (!judged.ok || judged.value.reviewBy === undefined) return judged;
  const longest = longestLoanOf(configuration.lending) * 3600;
  const asked = { by: click.by, at: click.at, longest };
  const refusal = earlierRefusal(change, await changes.list(newest), asked, configuration.people);
  return refusal === undefined ? judged : fail(refusal);
}

async function review(deps: DecideChangeDeps, change: Change, click: Click, key: string | undefined) {
  const step = reviewed(change, click, deps.configuration);
  if (!step.ok) {
    await keepRefusal(deps, change, click, step.error, key);
    return step;
  }
  await deps.changes.commit(change, step.value.after, step.value.events);
  return ok(step.value.after);
}

/** The click was delivered before and counted then. */
const wasCounted = (change: Change, by: string, verdict: string, digest: string): boolean =>
  (change.review?.said?.by === by && change.review.said.verdict === verdict && reviewDigestOf(change) === digest) ||
  [...change.decisions, ...change.undoDecisions].some(
    (decision) => decision.by === by && decision.verdict === verdict && decision.digest === digest,
  );

async function outcomeOf(deps: DecideChangeDeps, change: Change, outcome: Outcome): Promise<Step<Change>> {
  if (outcome.outcome === 'denied') return denied(change, outcome);
  if (outcome.outcome === 'pending') return approvalRecorded(change, outcome);
  const statement =
    change.state === 'undo-planned'
      ? undoStatement(change)
      : applyStatement({ id: change.id, digest: change.digest, approvedAt: outcome.decision.at });
  return approved(change, outcome, await deps.signer.sign(statement));
}

async function keepRefusal(
  { changes }: DecideChangeDeps,
  change: Change,
  click: Click,
  refusal: Refusal,
  key: string | undefined,
): Promise<void> {
  const named = nameOf(click, key);
  if (wasRefused(change, named)) return;
  const { after, events } = decisionRefused(change, click, refusal, named);
  await changes.commit(change, after, events);
}

const nameOf = ({ by, verdict, digest }: Click, key: string | undefined): string =>
  key ?? canonicalHash({ by, verdict, digest });
