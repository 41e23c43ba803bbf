import {
  answeredExpected,
  answeredMuted,
  answeredNotUs,
  answerRecorded,
  answerRefused,
  type CaseStep,
  caseMatter,
  expectedDays,
  mutedDays,
  mutedVerdictsOf,
  verdictsOf,
} from '../core/anomaly/answered.ts';
import type { Case } from '../core/anomaly/case.ts';
import { type Click, decide, type Outcome } from '../core/approvals/decide.ts';
import type { Refusal } from '../core/approvals/rules.ts';
import { canonicalHash } from '../core/audit/canonical.ts';
import { wasRefused } from '../core/audit/refused-clicks.ts';
import type { Change } from '../core/changes/change.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type DecideChangeDeps, decideChange } from './decide-change.ts';
import { type PlanQuarantineDeps, parentsOfCase, planQuarantine, quarantineOf } from './plan-quarantine.ts';
import type { CaseStore, VerdictStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export type AnswerCaseDeps = {
  cases: Pick<CaseStore, 'find' | 'commit'>;
  verdicts: Pick<VerdictStore, 'put'>;
} & DecideChangeDeps &
  PlanQuarantineDeps;

export interface CaseAnswer {
  case: string;
  /** Person id. */
  by: string;
  answer: 'expected' | 'not-us' | 'muted';
  /** `answerDigest` of the case as it was shown. */
  digest: string;
  /** How long "expected" holds, kept between 30 and 90, which is also the default; a mute 14 at most, 7 by default. */
  days?: number;
  /** Names the click, so that a second delivery of it does nothing. */
  key?: string;
}

/** `change`: the quarantine that "not us" planned; null otherwise. */
export interface Answered {
  case: Case;
  change: Change | null;
}

/**
 * Answers a case. "Expected" lays verdicts over the ledger once the rules' quorum is met; "not us" closes the case at
 * once, plans the quarantine and counts as this person's approval of it. The case is the truth and is written first:
 * delivering the answer again completes whatever a crash left out.
 */
export const answerCase =
  (deps: AnswerCaseDeps) =>
  async (answer: CaseAnswer): Promise<Result<Answered, Refusal | 'no-such-case'>> => {
    const settled = await whenStale(() => settle(deps, answer));
    if (!settled.ok) return settled;
    const answered = settled.value;
    if (answer.answer === 'muted') {
      await deps.verdicts.put(mutedVerdictsOf(answered));
      return ok({ case: answered, change: null });
    }
    if (answered.state === 'open') return ok({ case: answered, change: null });
    await deps.verdicts.put(verdictsOf(answered, answer.days ?? expectedDays.most));
    const change = answered.state === 'not-us' ? await quarantine(deps, answered, answer) : null;
    return ok({ case: answered, change });
  };

async function settle(deps: AnswerCaseDeps, answer: CaseAnswer): Promise<Result<Case, Refusal | 'no-such-case'>> {
  const asked = await deps.cases.find(answer.case);
  if (asked === undefined) return fail('no-such-case');
  if (wasCounted(asked, answer)) return ok(asked);
  const parents = await parentsOfCase(deps.ledger, asked);
  const lineage = parents.map(({ parent }) => parent.actor);
  const verdict = answer.answer === 'not-us' ? 'deny' : 'approve';
  const click: Click = { by: answer.by, verdict, digest: answer.digest, at: deps.now() };
  const judged = decide(caseMatter(asked, lineage), click, deps.configuration);
  if (!judged.ok) {
    await keepRefusal(deps, asked, click, judged.error, answer.key);
    return judged;
  }
  const { after, events } = stepFor(asked, judged.value, answer);
  await deps.cases.commit(asked, after, events);
  return ok(after);
}

/** The click was delivered before and counted then. */
const wasCounted = (asked: Case, { by, answer, digest }: CaseAnswer): boolean =>
  (asked.state === answer && asked.decidedBy === by) ||
  (answer === 'muted' && asked.state === 'open' && asked.muted?.by === by && asked.muted.digest === digest) ||
  (answer === 'expected' &&
    asked.state === 'open' &&
    (asked.answers ?? []).some((decision) => decision.by === by && decision.digest === digest));

function stepFor(asked: Case, outcome: Outcome, { answer, days }: CaseAnswer): CaseStep {
  // A mute lets nothing in and ends soon: one approver is enough.
  if (answer === 'muted') return answeredMuted(asked, outcome, days ?? mutedDays.usual);
  if (outcome.outcome === 'denied') return answeredNotUs(asked, outcome, quarantineOf(asked));
  return outcome.outcome === 'pending'
    ? answerRecorded(asked, outcome)
    : answeredExpected(asked, outcome, days ?? expectedDays.most);
}

/** The plan is decided like any other; when this person's approval does not suffice, it waits for more. */
async function quarantine(deps: AnswerCaseDeps, answered: Case, { by, key }: CaseAnswer): Promise<Change> {
  const change = await planQuarantine(deps)(answered, by);
  if (change.state !== 'planned') return change;
  const decided = await decideChange(deps)({
    change: change.id,
    by,
    verdict: 'approve',
    digest: change.digest,
    key: `${key ?? answered.id}/quarantine`,
  });
  return decided.ok ? decided.value : ((await deps.changes.find(change.id)) ?? change);
}

async function keepRefusal(
  { cases }: AnswerCaseDeps,
  asked: Case,
  click: Click,
  refusal: Refusal,
  key: string | undefined,
): Promise<void> {
  const { by, verdict, digest } = click;
  const named = key ?? canonicalHash({ by, verdict, digest });
  if (wasRefused(asked, named)) return;
  const { after, events } = answerRefused(asked, click, refusal, named);
  await cases.commit(asked, after, events);
}
