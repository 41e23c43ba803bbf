import type { Click, Matter, Outcome } from '../approvals/decide.ts';
import type { Refusal } from '../approvals/rules.ts';
import { append } from '../audit/chain.ts';
import type { DomainEvent } from '../audit/event.ts';
import { withRefused } from '../audit/refused-clicks.ts';
import { isAlwaysAlerted } from '../catalogue/privilege-class.ts';
import type { ActorId } from '../identity/principal.ts';
import { type Instant, plusSeconds } from '../time.ts';
import type { Facet } from '../usage/item.ts';
import { answerDigest } from './answerable.ts';
import type { Case, Verdict } from './case.ts';
import { alwaysTold } from './weights.ts';

/** What one commit of a case writes. */
export interface CaseStep {
  after: Case;
  events: readonly DomainEvent[];
}

/** A case may always be answered: it waits until somebody does. */
const noDeadline = '9999-12-31T23:59:59Z' as Instant;

/**
 * The question that a case asks: approving says "expected", which is a grant; denying says "not us". Whoever stands
 * behind the session may say neither.
 */
export const caseMatter = (asked: Case, lineage: readonly ActorId[]): Matter => ({
  kind: 'quarantine',
  accounts: asked.accounts,
  open: asked.state === 'open',
  digest: answerDigest(asked),
  decideBy: noDeadline,
  parties: [],
  lineage: [asked.actor, ...(asked.arns as readonly ActorId[]), ...lineage],
  // An answer covers the facets that were shown: those given before the case grew no longer count.
  decisions: (asked.answers ?? []).filter(({ digest }) => digest === answerDigest(asked)),
});

/** "Expected", but the rules ask for more people. */
export const answerRecorded = (asked: Case, { decision }: Outcome): CaseStep =>
  stepOf(
    asked,
    { answers: [...(asked.answers ?? []), decision] },
    { type: 'case.answer-recorded', by: decision.by, at: decision.at, data: { rule: decision.rule } },
  );

/** The last "expected" that was needed. */
export const answeredExpected = (asked: Case, { decision }: Outcome, days: number): CaseStep =>
  stepOf(
    asked,
    {
      state: 'expected',
      answers: [...(asked.answers ?? []), decision],
      decidedBy: decision.by,
      decidedAt: decision.at,
    },
    { type: 'case.expected', by: decision.by, at: decision.at, data: { rule: decision.rule, days } },
  );

/** "Not us": one approver is enough, because it only takes something out of the baseline. */
export const answeredNotUs = (asked: Case, { decision }: Outcome, change: string): CaseStep =>
  stepOf(
    asked,
    { state: 'not-us', change, decidedBy: decision.by, decidedAt: decision.at },
    { type: 'case.not-us', by: decision.by, at: decision.at, data: { rule: decision.rule, change } },
  );

/** For how long a case's like may be told in the digest only, in days. */
export const mutedDays = { most: 14, usual: 7 } as const;

/** "Mute": nothing is decided about what happened, and it is asked again after the end. */
export const answeredMuted = (asked: Case, { decision }: Outcome, days: number): CaseStep => {
  const { by, at, digest, rule } = decision;
  const until = plusSeconds(at, Math.min(mutedDays.most, Math.max(1, Math.floor(days))) * 86_400);
  return stepOf(asked, { muted: { by, at, until, digest } }, { type: 'case.muted', by, at, data: { rule, until } });
};

/** What a muted case lays over the ledger: a verdict for every facet that it told, with the same end. */
export function mutedVerdictsOf(muted: Case): readonly Verdict[] {
  if (muted.muted === undefined) return [];
  const { by, at, until } = muted.muted;
  return facetsOf(muted)
    .filter((facet) => !isAlwaysTold(facet))
    .map((facet) => ({ v: 1, actor: muted.actor, facet, verdict: 'muted', case: muted.id, by, at, until }));
}

/** A click that was refused decides nothing but is kept. `key` names the click. */
export const answerRefused = (asked: Case, click: Click, refusal: Refusal, key: string): CaseStep =>
  stepOf(asked, withRefused(asked, key), {
    type: 'case.answer-refused',
    by: click.by,
    at: click.at,
    data: { refusal, verdict: click.verdict },
  });

/** How long "expected" may hold, in days. */
export const expectedDays = { least: 30, most: 90 } as const;

/**
 * What an answered case lays over the ledger: a verdict for every facet that it told. "Expected" ends after the given
 * days and never covers what is told whoever does it; "not us" has no end.
 */
export function verdictsOf(answered: Case, days: number): readonly Verdict[] {
  const { id, actor, decidedBy: by, decidedAt: at, state } = answered;
  if (by === null || at === null || (state !== 'expected' && state !== 'not-us')) return [];
  const held = Math.min(expectedDays.most, Math.max(expectedDays.least, Math.floor(days)));
  const until = state === 'expected' ? plusSeconds(at, held * 86_400) : null;
  return facetsOf(answered)
    .filter((facet) => state === 'not-us' || !isAlwaysTold(facet))
    .map((facet) => ({ v: 1, actor, facet, verdict: state, case: id, by, at, until }));
}

/** Whether no answer may quieten it. */
function isAlwaysTold({ kind, action, value }: Facet): boolean {
  if (action !== undefined && isAlwaysAlerted(action)) return true;
  return kind === 'signal' && alwaysTold.has(value?.slice(0, value.indexOf('@')) ?? '');
}

function facetsOf({ first, reasons }: Case): readonly Facet[] {
  const facets = [...first, ...reasons.map(({ facet }) => facet)];
  return [...new Map(facets.map((f) => [JSON.stringify([f.kind, f.action, f.value]), f])).values()];
}

interface Telling {
  type: `case.${string}`;
  by: string;
  at: Instant;
  data: Readonly<Record<string, unknown>>;
}

/** One more event of a case, and the case after it. */
export function stepOf(asked: Case, patch: Partial<Case>, { type, by, at, data }: Telling): CaseStep {
  const next = { ...asked, ...patch };
  const { event, head } = append(asked.audit, {
    aggregate: { type: 'case', id: asked.id },
    type,
    at,
    by,
    data: { state: next.state, actor: next.actor, ...data },
  });
  return { after: { ...next, version: asked.version + 1, audit: head }, events: [event] };
}
