import { canonicalJson } from '../audit/canonical.ts';
import { append } from '../audit/chain.ts';
import type { DomainEvent } from '../audit/event.ts';
import { genesis } from '../audit/event.ts';
import { type Instant, plusSeconds } from '../time.ts';
import type { Assessment, Case, CaseId } from './case.ts';

/** One step of one case: what `AggregateStore.commit` takes. */
export interface CaseCommit {
  before: Case | undefined;
  after: Case;
  events: readonly DomainEvent[];
}

/** Who speaks in the audit. */
const by = 'detect-anomaly';

/** Days after which a case stands as it is: the ledger keeps days of use for 400 days only, a story for ever. */
const settledAfterDays = 120;

/** What a decided case, to which late events are added, may hold. */
const mostEvents = 400;

/**
 * What must be written so that the stored cases of one actor say what the model says now; `[]` when they do. Commit in
 * the order given: a case is superseded before its successor opens, so that whoever tells the successor finds whose
 * message to take over. What was written is left out when asked again, so a crash in between costs nothing.
 */
export function reconcileCases(
  stored: readonly Case[],
  assessments: readonly Assessment[],
  now: Instant,
): readonly CaseCommit[] {
  const settled = plusSeconds(now, -settledAfterDays * 86_400);
  const byEvent = indexByEvent(stored);
  const current = assessments.map((assessment) => ({ assessment, case: matchOf(assessment, stored, byEvent) }));
  const standing = current.filter(({ case: match }) => match === undefined || match.to >= settled);
  const kept = new Set(standing.map(({ case: match }) => match?.id));
  const superseded = stored
    .filter((old) => old.state === 'open' && old.to >= settled && !kept.has(old.id))
    .flatMap((old) => goneInto(old, current, now));
  return [...superseded, ...standing.flatMap(({ assessment, case: match }) => stepFor(assessment, match, now))];
}

type Decided = Case & { state: 'expected' | 'not-us' };

const isDecided = (match: Case | undefined): match is Decided =>
  match?.state === 'expected' || match?.state === 'not-us';

/** The stored case of the same id, else a decided one that told some of the same events. */
function matchOf(
  assessment: Assessment,
  stored: readonly Case[],
  byEvent: ReadonlyMap<string, readonly Case[]>,
): Case | undefined {
  const same = stored.find(({ id }) => id === assessment.id);
  if (same !== undefined) return same;
  return assessment.eventIDs
    .flatMap((eventID) => byEvent.get(eventID) ?? [])
    .filter(isDecided)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.id < b.id ? -1 : 1))[0];
}

function indexByEvent(stored: readonly Case[]): ReadonlyMap<string, readonly Case[]> {
  const index = new Map<string, Case[]>();
  for (const it of stored) {
    for (const eventID of it.eventIDs) index.set(eventID, [...(index.get(eventID) ?? []), it]);
  }
  return index;
}

interface Current {
  assessment: Assessment;
  case: Case | undefined;
}

/** An open case is told by its successor, or was nothing new; it never disappears into one that was answered. */
function goneInto(old: Case, current: readonly Current[], now: Instant): readonly CaseCommit[] {
  const told = new Set(old.eventIDs);
  const telling = current.filter(({ assessment }) => assessment.eventIDs.some((eventID) => told.has(eventID)));
  const successor = telling.find(({ case: match }) => !isDecided(match));
  if (successor === undefined && telling.length > 0) return [];
  return [superseding(old, successor?.assessment.id ?? null, now)];
}

function stepFor(assessment: Assessment, match: Case | undefined, now: Instant): readonly CaseCommit[] {
  if (match === undefined) return [opening(assessment, now)];
  if (isDecided(match)) return addingTo(match, assessment, now);
  if (match.state === 'open' && sameStory(match, assessment)) return [];
  const type = match.state === 'superseded' ? 'case.reopened' : 'case.extended';
  const next: Case = { ...match, ...assessment, state: 'open', supersededBy: null };
  return [committing(match, next, { type, at: now, data: tellingOf(match, next) })];
}

function opening(assessment: Assessment, now: Instant): CaseCommit {
  const opened: Case = {
    ...assessment,
    v: 1,
    version: 0,
    state: 'open',
    openedAt: now,
    supersededBy: null,
    change: null,
    decidedBy: null,
    decidedAt: null,
    audit: genesis,
  };
  return committing(undefined, opened, { type: 'case.opened', at: now, data: tellingOf(undefined, opened) });
}

/** People's answer stands. What came late is added and said; it is not asked again by itself. */
function addingTo(match: Decided, assessment: Assessment, now: Instant): readonly CaseCommit[] {
  const told = new Set(match.eventIDs);
  const late = assessment.eventIDs.filter((eventID) => !told.has(eventID));
  if (late.length === 0 || told.size + late.length > mostEvents) return [];
  const next: Case = {
    ...match,
    ...assessment,
    id: match.id,
    eventIDs: [...match.eventIDs, ...late],
  };
  return [
    committing(match, next, {
      type: 'case.extended',
      at: now,
      data: { ...tellingOf(match, next), afterDecision: true, late },
    }),
  ];
}

/** Late events showed that the story begins elsewhere, or (`null`) that nothing of it was new. */
const superseding = (old: Case, successor: CaseId | null, now: Instant): CaseCommit =>
  committing(
    old,
    { ...old, state: 'superseded', supersededBy: successor },
    { type: 'case.superseded', at: now, data: { actor: old.actor, state: 'superseded', supersededBy: successor } },
  );

const tellingOf = (before: Case | undefined, { actor, state, level, score }: Case) => ({
  actor,
  state,
  level,
  score,
  ...(before === undefined || before.level === level ? {} : { levelBefore: before.level }),
});

function committing(
  before: Case | undefined,
  next: Case,
  told: { type: `case.${string}`; at: Instant; data: Readonly<Record<string, unknown>> },
): CaseCommit {
  const { event, head } = append(next.audit, { ...told, aggregate: { type: 'case', id: next.id }, by });
  return { before, after: { ...next, version: (before?.version ?? 0) + 1, audit: head }, events: [event] };
}

const storyFields = [
  'principal',
  'principals',
  'arns',
  'accounts',
  'level',
  'score',
  'from',
  'to',
  'first',
  'eventIDs',
  'reasons',
  'accessKeyIds',
] as const satisfies readonly (keyof Assessment)[];

function sameStory(a: Assessment, b: Assessment): boolean {
  const storyOf = (it: Assessment) => canonicalJson(Object.fromEntries(storyFields.map((field) => [field, it[field]])));
  return storyOf(a) === storyOf(b);
}
