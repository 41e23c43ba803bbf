import type { ActorId, PrincipalId } from '../identity/principal.ts';
import { type Day, dayNumber, dayOf, type Instant } from '../time.ts';
import type { Entry, Facet, FacetKind, FirstUse, LedgerItem } from '../usage/item.ts';
import { compareUses, joinFirst, restDays } from '../usage/join.ts';
import { isWatched } from '../usage/marks.ts';
import type { Weights } from './weights.ts';

/** What is new about an event. */
export interface Find {
  kind:
    | 'first-use'
    | 'returned'
    | 'denied'
    | 'signal'
    | 'new-resource'
    | 'new-network'
    | 'new-region'
    | 'new-agent'
    | 'new-assumed-role';
  facet: Facet;
  /** The action that it is weighed by. */
  action: string;
  /** 1 where it was never seen, less where it was; 0 for a denial of what was used before. */
  novelty: number;
  /** Of returns: whole days without use. */
  rested: number | null;
  /** Of signals: the call was denied. */
  attempt?: boolean;
}

/** One event that brought something new. */
export interface Moment {
  use: FirstUse;
  principal: PrincipalId;
  arn: string | null;
  finds: readonly Find[];
}

interface OwnedUse {
  denied: boolean;
  use: FirstUse;
  principal: PrincipalId;
  arn: string | null;
}

/** One facet of the actor, joined over the actor's principals. */
export interface Known {
  kind: FacetKind;
  action: string | null;
  value: string;
  denied: boolean;
  first: OwnedUse;
  uses: OwnedUse[];
  days: Set<Day>;
  /** Of resources: more were seen than are kept. */
  overflow: boolean;
}

/** The actor's first event of all, historic ones too; undefined without items. */
export function bornAt(items: readonly LedgerItem[]): Instant | undefined {
  let least: Instant | undefined;
  for (const item of items) {
    for (const { first } of item.entries.values()) if (least === undefined || first.time < least) least = first.time;
  }
  return least;
}

/** The events that brought something new, in order of time. Historic ones, and what a service forwarded, are not told. */
export function momentsOf(known: ReadonlyMap<string, Known>, rest: Weights['rest']): readonly Moment[] {
  const moments = new Map<string, OwnedUse & { finds: Find[] }>();
  for (const [owned, find] of findsOf(known, rest)) {
    if (owned.use.historic || owned.use.forwarded) continue;
    const id = `${owned.use.time} ${owned.use.eventID}`;
    const moment = moments.get(id);
    if (moment === undefined) moments.set(id, { ...owned, finds: [find] });
    else moments.set(id, { ...least(moment, owned), finds: [...moment.finds, find] });
  }
  return [...moments.values()]
    .map((moment) => ({ ...moment, finds: moment.finds.sort(byFacet) }))
    .sort((a, b) => compareUses(a.use, b.use));
}

/** Service-linked roles and service principals do AWS's own work. */
export const isAwsItself = (actor: ActorId): boolean =>
  actor.startsWith('service:') || actor.includes(':role/aws-service-role/');

/** Every facet of the actor, whichever of its principals used it; of single resources those that detection looks at. */
export function joinOverPrincipals(items: readonly LedgerItem[]): ReadonlyMap<string, Known> {
  const all = new Map<string, Known>();
  for (const item of items) {
    if (item.kind === 'resource' && !isWatched(item)) continue;
    const denied = item.kind === 'action' && item.outcome === 'denied';
    for (const [value, entry] of item.entries) {
      const name = item.kind === 'resource' ? sameThing(value) : value;
      const id = JSON.stringify([item.kind, item.action, name, denied]);
      const known = all.get(id);
      const more = knownOf(item, value, entry, denied);
      if (known === undefined) all.set(id, more);
      else add(known, more);
    }
  }
  return all;
}

function knownOf(item: LedgerItem, value: string, entry: Entry, denied: boolean): Known {
  const { kind, action, principal, arn, outcome, overflow } = item;
  const owned = (use: FirstUse): OwnedUse => ({ use, principal, arn, denied: outcome === 'denied' });
  const uses = [entry.first, ...entry.returns].map(owned);
  return { kind, action, value, denied, first: uses[0]!, uses, days: new Set(entry.days), overflow };
}

function add(known: Known, more: Known): void {
  const order = compareUses(more.first.use, known.first.use) || (more.value < known.value ? -1 : 1);
  if (order < 0) known.value = more.value;
  known.first = least(known.first, more.first);
  known.overflow ||= more.overflow;
  known.uses.push(...more.uses);
  for (const day of more.days) known.days.add(day);
}

/** The earlier of two uses; the same event under two principals goes to the lesser id. */
function least<T extends OwnedUse>(a: T, b: OwnedUse): T {
  const order = compareUses(a.use, b.use);
  if (order !== 0) return order < 0 ? a : { ...a, ...b };
  const owner = a.principal <= b.principal ? a : b;
  return { ...a, principal: owner.principal, arn: owner.arn, use: joinFirst(a.use, b.use) };
}

function* findsOf(all: ReadonlyMap<string, Known>, rest: Weights['rest']): Generator<[OwnedUse, Find]> {
  const firstOf = firstValues(all);
  for (const known of all.values()) {
    const { kind, action, value, first } = known;
    if (kind === 'action') yield* actionFinds(known, all, rest);
    else if (kind === 'resource') yield* resourceFinds(known, all);
    else if (kind === 'signal') {
      const facet = { kind, action: action!, value };
      yield [first, { kind: 'signal', facet, action: action!, novelty: 1, rested: null, attempt: first.denied }];
    } else if (kind === 'assumed-role' || firstOf.get(kind) !== known) {
      yield [
        first,
        { kind: `new-${kind}`, facet: { kind, value }, action: first.use.action, novelty: 1, rested: null },
      ];
    }
  }
}

function* actionFinds(
  known: Known,
  all: ReadonlyMap<string, Known>,
  rest: Weights['rest'],
): Generator<[OwnedUse, Find]> {
  const action = known.action!;
  const facet: Facet = { kind: 'action', action };
  const { first } = known;
  if (known.denied) {
    const used = all.get(JSON.stringify(['action', action, known.value, false]));
    const novelty = used !== undefined && compareUses(used.first.use, first.use) < 0 ? 0 : 1;
    yield [first, { kind: 'denied', facet, action, novelty, rested: null }];
    return;
  }
  yield [first, { kind: 'first-use', facet, action, novelty: 1, rested: null }];
  if (known.uses.length === 1) return;
  for (const [owned, find] of returnsOf(known, rest)) yield [owned, { ...find, facet, action }];
}

/** What an action that was used before is done to for the first time. With the action's own first use it counts only in a spread. */
function* resourceFinds(known: Known, all: ReadonlyMap<string, Known>): Generator<[OwnedUse, Find]> {
  const { value, first } = known;
  const action = known.action!;
  const used = all.get(JSON.stringify(['action', action, '', false]));
  const novelty = used === undefined || compareUses(used.first.use, first.use) < 0 ? 1 : 0;
  const facet: Facet = { kind: 'resource', action, value };
  yield [first, { kind: 'new-resource', facet, action, novelty, rested: null }];
}

/** A secret goes by its name, and by its ARN, which ends in six characters of chance. */
const sameThing = (arn: string): string =>
  arn.includes(':secretsmanager:') ? arn.replace(/-(?:[A-Za-z0-9]{6}|\?{6})$/, '') : arn;

/**
 * The days on which the action came back to the actor, whichever principal it used. A first use by another principal of
 * the same actor is a candidate too. Only what the days kept can still prove exactly is told.
 */
function* returnsOf(
  { uses, first, days }: Known,
  rest: Weights['rest'],
): Generator<[OwnedUse, Pick<Find, 'kind' | 'novelty' | 'rested'>]> {
  const numbers = [...days].map(dayNumber).sort((a, b) => a - b);
  const oldest = Math.max(numbers.at(-1)! - rest.span, dayNumber(dayOf(first.use.time)) + 1);
  const byDay = new Map<number, OwnedUse>();
  for (const owned of uses) {
    const day = dayNumber(dayOf(owned.use.time));
    if (day < oldest) continue;
    const known = byDay.get(day);
    byDay.set(day, known === undefined ? owned : least(known, owned));
  }
  for (const [day, owned] of byDay) {
    const before = numbers.filter((number) => number < day && number >= day - rest.span);
    const rested = day - (before.at(-1) ?? day - rest.span);
    if (rested < restDays) continue;
    const effective = Math.min(before.length, rest.most) * 2 ** (-rested / rest.halfLife);
    yield [owned, { kind: 'returned', novelty: 1 - Math.min(1, effective), rested }];
  }
}

/** The very first network, region and agent of an actor are its own: there was nothing for them to differ from. */
function firstValues(all: ReadonlyMap<string, Known>): ReadonlyMap<FacetKind, Known> {
  const firsts = new Map<FacetKind, Known>();
  for (const known of all.values()) {
    const other = firsts.get(known.kind);
    if (other === undefined || order(known, other) < 0) firsts.set(known.kind, known);
  }
  return firsts;
}

const order = (a: Known, b: Known): number => compareUses(a.first.use, b.first.use) || (a.value < b.value ? -1 : 1);

const byFacet = (a: Find, b: Find): number => (textOf(a) < textOf(b) ? -1 : 1);
const textOf = ({ kind, facet }: Find): string => JSON.stringify([kind, facet.action ?? '', facet.value ?? '']);
