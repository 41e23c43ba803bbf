import type { Case } from '../anomaly/case.ts';
import { kept } from '../anomaly/weights.ts';
import type { ActorId } from '../identity/principal.ts';
import type { Day } from '../time.ts';
import type { FirstUse } from '../usage/item.ts';

/** A case as far as right-sizing asks about it. */
export type ToldCase = Pick<
  Case,
  'actor' | 'state' | 'level' | 'from' | 'to' | 'first' | 'reasons' | 'eventIDs' | 'decidedAt'
>;

/** `open`: nobody has said yet whose use it was, so nothing follows from it. `not-us`: it is not use. */
type Standing = 'counts' | 'open' | 'not-us';

/** How an action that an actor used for the first time then stands, by what people made of the actor's cases. */
export type StandingOf = (actor: ActorId, action: string, use: { first: FirstUse; last: Day }) => Standing;

/**
 * The view over the ledger that ADR-0003 asks for. A use counts unless the very first one of that actor belongs to a case
 * that is called "not us", or to an open one that was told in a message. Use on a day after
 * "not us" settles nothing, since whoever came in may have come back and the rightful user may have too: the action stays
 * until people call a case with it "expected". Cases of the daily digest
 * are seldom answered; while they are open they hold nothing up.
 */
export function standingsIn(cases: readonly ToldCase[]): StandingOf {
  const byActor = new Map<ActorId, ToldCase[]>();
  for (const told of cases.filter(isContesting)) byActor.set(told.actor, [...(byActor.get(told.actor) ?? []), told]);
  return (actor, action, { first, last }) => {
    const own = byActor.get(actor) ?? [];
    const holding = own.filter((told) => told.state !== 'expected' && holds(told, action, first));
    if (holding.some(({ state }) => state === 'open')) return 'open';
    const [denied] = holding.map(({ decidedAt }) => decidedAt ?? '').sort();
    if (denied === undefined) return 'counts';
    const since = own.filter((told) => tells(told, action));
    if (since.some(({ state, decidedAt }) => state === 'expected' && (decidedAt ?? '') > denied)) return 'counts';
    return last > denied.slice(0, 10) || since.some(({ state }) => state === 'open') ? 'open' : 'not-us';
  };
}

const isContesting = ({ state, level }: ToldCase): boolean =>
  state === 'not-us' || state === 'expected' || (state === 'open' && level === 'message');

/** Whether the first use is part of the case. Where a case was too long to list, everything new in its time is. */
function holds(told: ToldCase, action: string, { time, eventID }: FirstUse): boolean {
  if (time < told.from || time > told.to) return false;
  const isCut = told.eventIDs.length >= kept.moments || told.first.length >= kept.facets;
  return isCut || told.eventIDs.includes(eventID) || tells(told, action);
}

const tells = ({ first, reasons }: ToldCase, action: string): boolean =>
  [...first, ...reasons.map(({ facet }) => facet)].some((facet) => facet.kind === 'action' && facet.action === action);
