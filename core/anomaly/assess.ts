import { createHash } from 'node:crypto';
import { privilegeClassOf } from '../catalogue/privilege-class.ts';
import { iamNameOf } from '../identity/iam-arn.ts';
import type { ActorId } from '../identity/principal.ts';
import { secondsOf } from '../time.ts';
import type { Facet, FirstUse, LedgerItem } from '../usage/item.ts';
import { compareUses } from '../usage/join.ts';
import type { Assessment, CaseId, Level, Reason, Verdict } from './case.ts';
import { type Facts, noFacts } from './facts.ts';
import { type Habits, habitsOf } from './habits.ts';
import { type Model, modelOf } from './model.ts';
import { bornAt, type Find, isAwsItself, joinOverPrincipals, type Known, type Moment, momentsOf } from './novelty.ts';
import type { World } from './patterns/pattern.ts';
import { credentialsOf } from './patterns/two-places.ts';
import { type Contribution, type SessionScore, scoreSession } from './session.ts';
import { cutIntoSessions, type VerdictView, verdictView } from './sessions.ts';
import { kept, type Weights } from './weights.ts';
import { wordsFor } from './words.ts';

const standard = modelOf();

/**
 * Every case that one actor's ledger amounts to, in order of time: a function of the ledger and of what people decided,
 * so that the order in which events arrived cannot matter. `items` are those of the actor, over all its principals; `facts`
 * lie over the ledger as the verdicts do.
 */
export function assess(
  items: readonly LedgerItem[],
  verdicts: readonly Verdict[],
  options: Model = standard,
  facts: Facts = noFacts,
): readonly Assessment[] {
  const actor = items[0]?.actor;
  const born = bornAt(items);
  if (actor === undefined || born === undefined || isAwsItself(actor)) return [];
  const view = verdictView(verdicts);
  const { weights } = options;
  const warmFrom = secondsOf(born) + weights.coldStart.days * 86_400;
  const known = joinOverPrincipals(items);
  const habits = habitsOf(known, born, weights);
  const usesBy = usesByCredentials(known);
  const moments = momentsOf(known, weights.rest)
    .map((moment) => withoutCommonplace(view.withoutExpected(moment), habits))
    .filter(({ finds }) => finds.length > 0);
  return cutIntoSessions(moments, view, weights.session).flatMap((session) => {
    const cold = secondsOf(session[0]!.use.time) < warmFrom;
    const world: World = { actor, start: session[0]!.use.time, habits, facts, usesBy };
    const scored = (withShadows: boolean) =>
      scoreSession(session, { cold, notUs: view.notUs, weights, world, withShadows });
    const score = scored(false);
    const level = quietened(levelOf(score, cold, weights), score, view);
    const would = score.shadows.length === 0 ? level : quietened(levelOf(scored(true), cold, weights), score, view);
    const shadow = would === undefined || would === level ? {} : { shadow: { rules: score.shadows, level: would } };
    if (would === undefined) return [];
    return [{ ...assessmentOf(actor, session, score, level ?? 'shadow', options), ...shadow }];
  });
}

/** Whoever ends instances ends another one each time: what an action is always used on anew is left out. */
function withoutCommonplace(moment: Moment, habits: Habits): Moment {
  const isCommonplace = ({ kind, action, novelty }: Find): boolean =>
    kind === 'new-resource' &&
    privilegeClassOf(action) !== 'secret-read' &&
    (novelty === 0 || habits.resourceBits(action, moment.use.time) === 0);
  if (!moment.finds.some(isCommonplace)) return moment;
  return { ...moment, finds: moment.finds.filter((find) => !isCommonplace(find)) };
}

/** By credentials that two places can share. */
function usesByCredentials(known: ReadonlyMap<string, Known>): ReadonlyMap<string, readonly FirstUse[]> {
  const uses = new Map<string, FirstUse[]>();
  for (const { use } of [...known.values()].flatMap((each) => each.uses)) {
    for (const id of credentialsOf(use)) {
      const of = uses.get(id);
      if (of === undefined) uses.set(id, [use]);
      else of.push(use);
    }
  }
  for (const of of uses.values()) of.sort(compareUses);
  return uses;
}

/** The name of a case: the same story has the same id, however often and in whatever order it is told. */
export const caseIdOf = (actor: ActorId, eventID: string, version: string): CaseId =>
  createHash('sha256')
    .update(JSON.stringify([actor, eventID, version]), 'utf8')
    .digest('hex')
    .slice(0, 24) as CaseId;

function levelOf(score: SessionScore, cold: boolean, { thresholds }: Weights): Level | undefined {
  const { peak, alwaysTold, twoTactics } = score;
  if (alwaysTold) return 'message';
  if (rounded(peak) < thresholds.digest) return undefined;
  return !cold && (rounded(peak) >= thresholds.message || twoTactics) ? 'message' : 'digest';
}

/** A message about nothing but what people muted is told in the digest. One thing more, and it is a message again. */
function quietened(level: Level | undefined, score: SessionScore, view: VerdictView): Level | undefined {
  if (level !== 'message' || score.alwaysTold) return level;
  const telling = score.contributions.filter(({ raw, find }) => raw > 0 && find !== null);
  return telling.length > 0 && telling.every(({ find, moment }) => view.isMuted(find!, moment)) ? 'digest' : level;
}

function assessmentOf(
  actor: ActorId,
  session: readonly Moment[],
  { peak, contributions }: SessionScore,
  level: Level,
  options: Model,
): Assessment {
  const first = session[0]!;
  const moments = weightiest(session, contributions);
  return {
    id: caseIdOf(actor, first.use.eventID, options.modelVersion),
    actor,
    principal: first.principal,
    principals: distinct(session.map(({ principal }) => principal)).slice(0, kept.principals),
    arns: distinct(session.map(({ arn }) => arn)).slice(0, kept.principals),
    accounts: distinct(session.map(({ use }) => use.account)).slice(0, kept.principals),
    level,
    score: rounded(peak),
    from: first.use.time,
    to: session.at(-1)!.use.time,
    first: facetsOf(contributions),
    eventIDs: moments.map(({ use }) => use.eventID),
    reasons: reasonsOf(nameOf(actor, first.use.session), contributions, options.weights),
    accessKeyIds: distinct(session.map(({ use }) => use.accessKeyId)).slice(0, kept.keys),
  };
}

/** The first moment, which names the case, and the weightiest of the rest, in order of time. */
function weightiest(session: readonly Moment[], contributions: readonly Contribution[]): readonly Moment[] {
  if (session.length <= kept.moments) return session;
  const points = new Map<Moment, number>();
  for (const { moment, raw } of contributions) points.set(moment, (points.get(moment) ?? 0) + raw);
  const ranked = session.slice(1).sort((a, b) => points.get(b)! - points.get(a)!);
  const chosen = new Set([session[0], ...ranked.slice(0, kept.moments - 1)]);
  return session.filter((moment) => chosen.has(moment));
}

function facetsOf(contributions: readonly Contribution[]): readonly Facet[] {
  const facets = new Map<string, Facet>();
  const told = contributions.filter(({ find }) => find !== null);
  const chosen = told.length <= kept.facets ? told : heaviest(told, ({ raw }) => raw).slice(0, kept.facets);
  const kinds = new Set(chosen);
  for (const contribution of told) {
    if (!kinds.has(contribution)) continue;
    const { kind, action, value } = contribution.facet;
    const id = JSON.stringify([kind, action ?? null, value ?? null]);
    if (!facets.has(id)) facets.set(id, contribution.facet);
  }
  return [...facets.values()];
}

function reasonsOf(who: string, contributions: readonly Contribution[], weights: Weights): readonly Reason[] {
  return heaviest(
    contributions.filter(({ raw }) => rounded(raw) > 0),
    ({ raw }) => rounded(raw),
  )
    .slice(0, kept.reasons)
    .map((contribution) => ({
      facet: contribution.facet,
      kind: contribution.pattern?.kind ?? contribution.kind,
      time: contribution.moment.use.time,
      eventID: contribution.moment.use.eventID,
      points: rounded(contribution.raw),
      words: wordsFor(contribution, who, weights),
    }));
}

/** Heaviest first; equal ones stay in order of time. */
const heaviest = <T>(list: readonly T[], weigh: (item: T) => number): readonly T[] =>
  [...list].sort((a, b) => weigh(b) - weigh(a));

const uuid = /[/][0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The part of an actor's id that people know. Identity Center's ids tell nobody anything: there the session's name. */
function nameOf(actor: ActorId, session: string | null): string {
  if (session !== null && actor.startsWith('federated:') && uuid.test(actor)) return session.slice(0, 100);
  const name = iamNameOf(actor);
  const short = name === actor ? actor.slice(actor.lastIndexOf('/') + 1) || actor : name;
  return short.slice(0, 100);
}

const distinct = <T>(values: readonly (T | null)[]): readonly T[] =>
  [...new Set(values.filter((value): value is T => value !== null))].sort();

const rounded = (points: number): number => Math.round(points * 100) / 100;
