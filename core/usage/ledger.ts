import type { ActorId, PrincipalId } from '../identity/principal.ts';
import { type Day, dayOf } from '../time.ts';
import type { MappedActions } from './actions/actions-of.ts';
import { bound, isWorse, type Rank, rankBy, worstOf } from './bounded.ts';
import { type Outcome, trustClasses, type UsageEvent } from './event.ts';
import { type Fact, factsOf, filedActions, firstUseOf } from './facets.ts';
import type { Entry, FirstUse, LedgerItem } from './item.ts';
import { compareUses, joinEntries, leastArn } from './join.ts';

export interface LedgerOptions {
  /** Of the bounded sets; `offlineKey` outside a deployment. */
  key: string;
  /** Whether facets of single resources are kept. */
  resources: boolean;
  actionsOf(event: UsageEvent): MappedActions;
  /** Kinds of repeats that matter (core/anomaly/signals); absent: none. */
  signalsOf?(event: UsageEvent, actions: readonly string[]): readonly string[];
}

/** Folds events in memory. What it holds is the join of what every single event says, in any order. */
export interface Ledger {
  add(event: UsageEvent): void;
  /** One item per key, in no particular order. */
  items(): LedgerItem[];
}

interface Growing {
  fact: Fact;
  arn: string | null;
  entries: Map<string, Entry>;
  overflow: boolean;
  /** The value that goes first, once the set is full. */
  worst: string | null;
}

/** The items of one caller, by what stands in their keys. */
interface Shelf {
  principal: PrincipalId;
  actor: ActorId;
  items: Map<string, Growing>;
}

const noSignals: readonly string[] = [];

export function createLedger({ key, resources, actionsOf, signalsOf }: LedgerOptions): Ledger {
  const rank = rankBy(key);
  const shelves = new Map<PrincipalId, Map<ActorId, Shelf>>();

  return {
    add(event) {
      const mapped = actionsOf(event);
      const signals = signalsOf === undefined ? noSignals : signalsOf(event, filedActions(event, mapped));
      const shelf = shelfOf(shelves, event.caller.principal, event.caller.actor);
      const uses = usesOf(event);
      const day = dayOf(event.time);
      for (const fact of factsOf(event, mapped, signals, resources)) {
        const item = itemOf(shelf, fact);
        if (item.arn !== event.caller.arn) item.arn = leastArn(item.arn, event.caller.arn);
        absorb(item, fact, { event, day, uses, rank });
      }
    },
    items: () => [...shelves.values()].flatMap((actors) => [...actors.values()].flatMap(itemsOf)),
  };
}

function shelfOf(shelves: Map<PrincipalId, Map<ActorId, Shelf>>, principal: PrincipalId, actor: ActorId): Shelf {
  const actors = shelves.get(principal) ?? new Map<ActorId, Shelf>();
  const known = actors.get(actor);
  if (known !== undefined) return known;
  const shelf: Shelf = { principal, actor, items: new Map() };
  shelves.set(principal, actors.set(actor, shelf));
  return shelf;
}

const outcomeMarks: Readonly<Record<Outcome, string>> = { used: 'u', denied: 'd', 'not-found': 'n' };

/** Kinds hold no space, so no two keys meet; signals are items by value. */
function itemOf(shelf: Shelf, fact: Fact): Growing {
  const value = fact.kind === 'signal' ? fact.value : '';
  const key = `${outcomeMarks[fact.outcome]}${fact.kind} ${fact.action ?? ''} ${value}`;
  let item = shelf.items.get(key);
  if (item === undefined) {
    item = { fact, arn: null, entries: new Map(), overflow: false, worst: null };
    shelf.items.set(key, item);
  }
  return item;
}

interface Reading {
  event: UsageEvent;
  day: Day;
  /** The event's circumstances with the action that carried the facet; made when first needed. */
  uses(action: string): FirstUse;
  rank: Rank;
}

function usesOf(event: UsageEvent): (action: string) => FirstUse {
  let last: FirstUse | undefined;
  return (action) => {
    if (last?.action !== action) last = firstUseOf(event, action);
    return last;
  };
}

function absorb(item: Growing, fact: Fact, reading: Reading): void {
  const known = item.entries.get(fact.value);
  if (known !== undefined) {
    if (!says(known, reading)) item.entries.set(fact.value, joinEntries(known, entryOf(fact, reading)));
    return;
  }
  if (item.entries.size >= bound && !makeRoom(item, fact.value, reading.rank)) return;
  item.entries.set(fact.value, entryOf(fact, reading));
}

/** Whether the entry already says all that the event says; true for nearly every event of a long log. */
function says(entry: Entry, { event, day }: Reading): boolean {
  if (event.time <= entry.first.time || event.trust !== entry.trust) {
    if (event.time <= entry.first.time || isStronger(event, entry)) return false;
  }
  if (day !== entry.last && !entry.days.includes(day)) return false;
  return (
    entry.returns.length === 0 || !entry.returns.some((use) => dayOf(use.time) === day && compareUses(event, use) <= 0)
  );
}

const isStronger = (event: UsageEvent, entry: Entry): boolean =>
  trustClasses.indexOf(event.trust) > trustClasses.indexOf(entry.trust);

function entryOf(fact: Fact, { event, day, uses }: Reading): Entry {
  return { trust: event.trust, first: uses(fact.by), last: day, days: [day], returns: [] };
}

/** Whether the new value stays; the value that must go for it is dropped. */
function makeRoom(item: Growing, value: string, rank: Rank): boolean {
  item.overflow = true;
  item.worst ??= worstOf(item.entries.keys(), rank);
  if (isWorse(value, item.worst, rank)) return false;
  item.entries.delete(item.worst);
  item.worst = null;
  return true;
}

const itemsOf = ({ principal, actor, items }: Shelf): LedgerItem[] =>
  [...items.values()].map(({ fact: { kind, action, outcome, value }, arn, entries, overflow }) => ({
    v: 1,
    principal,
    actor,
    kind,
    action,
    outcome,
    value: kind === 'signal' ? value : null,
    arn,
    entries: new Map(entries),
    overflow,
  }));
