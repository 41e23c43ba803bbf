import type { ActorId, PrincipalId } from '../identity/principal.ts';
import { type Day, dayOf } from '../time.ts';
import { actionNamesOf, actionsOf as catalogued, type MappedActions } from './actions/actions-of.ts';
import { bound, isWorse, type Rank, rankBy, worstOf } from './bounded.ts';
import { type Outcome, trustClasses, type UsageEvent } from './event.ts';
import { aroundOf, eachFact, eachSurrounding, filedActions, firstUseOf, type TakeFact } from './facets.ts';
import type { Entry, FacetKind, FirstUse, LedgerItem } from './item.ts';
import { compareUses, daysBetween, joinEntries, leastArn, oldestDay, restDays } from './join.ts';
import { networkOf } from './network.ts';

export interface LedgerOptions {
  /** Of the bounded sets; `offlineKey` outside a deployment. */
  key: string;
  /** Whether facets of single resources are kept. */
  resources: boolean;
  /** Absent: what the catalogue makes of the event. */
  actionsOf?(event: UsageEvent): MappedActions;
  /** Kinds of repeats that matter (core/anomaly/signals); absent: none. */
  signalsOf?(event: UsageEvent, actions: readonly string[]): readonly string[];
}

/** Folds events in memory. What it holds is the join of what every single event says, in any order. */
export interface Ledger {
  add(event: UsageEvent): void;
  /** One item per key, in no particular order. */
  items(): LedgerItem[];
}

/** An entry while it grows: days are added in place. */
interface Growing extends Entry {
  last: Day;
  days: Day[];
}

interface GrowingItem {
  kind: FacetKind;
  action: string | null;
  outcome: Outcome;
  /** Of signals. */
  value: string | null;
  arn: string | null;
  entries: Map<string, Growing>;
  overflow: boolean;
  /** The value that goes first, once the set is full. */
  worst: string | null;
}

type Items = Readonly<Record<FacetKind, Map<string, GrowingItem>>>;

/** Surroundings that were taken in, by an event of this time. */
interface Lately extends Pick<UsageEvent, 'time' | 'region' | 'userAgent' | 'trust'> {
  arn: string | null;
  day: Day;
  network: string | null;
  outcome: Outcome;
}

/** The items of one caller. */
interface Shelf {
  principal: PrincipalId;
  actor: ActorId;
  /** The ARN that came last: events of one caller share one text, so that comparing them costs nothing. */
  arn: string | null;
  /** Where the caller's events came from lately; all of it is in the items. */
  lately: Lately | null;
  outcomes: Readonly<Record<Outcome, Items>>;
}

const noSignals: readonly string[] = [];

export function createLedger({ key, resources, actionsOf, signalsOf }: LedgerOptions): Ledger {
  const shelves = new Map<PrincipalId, Map<ActorId, Shelf>>();
  const reading = new Reading(rankBy(key));
  const mappedOf = actionsOf ?? (resources ? catalogued : null);

  return {
    add(event) {
      const mapped = mappedOf === null ? null : mappedOf(event);
      const actions = mapped === null ? actionNamesOf(event) : mapped.actions.map(({ action }) => action);
      const filed = filedActions(event, actions);
      const signals = signalsOf === undefined ? noSignals : signalsOf(event, filed);
      reading.begin(event, shelfOf(shelves, event.caller.principal, event.caller.actor));
      eachFact(event, { filed, mapped: resources ? mapped : null, signals }, reading);
      if (!reading.comesFromWhereItDid()) eachSurrounding(event, filed, reading);
    },
    items: () => [...shelves.values()].flatMap((actors) => [...actors.values()].flatMap(itemsOf)),
  };
}

/** The event that is being folded, its facts taken one by one; one object for all events. */
class Reading implements TakeFact {
  event!: UsageEvent;
  day = '' as Day;
  shelf!: Shelf;
  /** The event's circumstances, made when first needed, for the action that last needed them. */
  use: FirstUse | null = null;
  readonly rank: Rank;

  constructor(rank: Rank) {
    this.rank = rank;
  }

  begin(event: UsageEvent, shelf: Shelf): void {
    this.event = event;
    this.shelf = shelf;
    this.use = null;
    if (shelf.arn !== event.caller.arn) shelf.arn = event.caller.arn;
    if (!event.time.startsWith(this.day) || this.day === '') this.day = dayOf(event.time);
  }

  /**
   * Whether an earlier event of the same day, trust and outcome came from the same place: then the items have it all.
   * Otherwise this event is the one to compare the next ones with.
   */
  comesFromWhereItDid(): boolean {
    const { event, shelf, day } = this;
    const network = networkOf(event.sourceAddress);
    const outcome = aroundOf(event);
    const lately = shelf.lately;
    if (lately !== null && lately.day === day && lately.network === network && lately.outcome === outcome) {
      if (event.time > lately.time && lately.arn === shelf.arn && isLike(event, lately)) return true;
    }
    const { time, region, userAgent, trust } = event;
    shelf.lately = { time, region, userAgent, trust, arn: shelf.arn, day, network, outcome };
    return false;
  }

  take(kind: FacetKind, action: string | null, value: string, outcome: Outcome, by: string): void {
    const item = itemOf(this.shelf.outcomes[outcome], kind, action, value, outcome);
    const { arn } = this.shelf;
    if (item.arn !== arn) item.arn = leastArn(item.arn, arn);
    absorb(item, value, by, this);
  }
}

const isLike = (event: UsageEvent, lately: Lately): boolean =>
  event.region === lately.region && event.userAgent === lately.userAgent && event.trust === lately.trust;

function shelfOf(shelves: Map<PrincipalId, Map<ActorId, Shelf>>, principal: PrincipalId, actor: ActorId): Shelf {
  const actors = shelves.get(principal) ?? new Map<ActorId, Shelf>();
  const known = actors.get(actor);
  if (known !== undefined) return known;
  const shelf: Shelf = {
    principal,
    actor,
    arn: null,
    lately: null,
    outcomes: { used: noItems(), 'not-found': noItems(), denied: noItems() },
  };
  shelves.set(principal, actors.set(actor, shelf));
  return shelf;
}

const noItems = (): Items => ({
  action: new Map(),
  resource: new Map(),
  region: new Map(),
  network: new Map(),
  agent: new Map(),
  'assumed-role': new Map(),
  signal: new Map(),
});

/** Signals are items by value, all others by action. */
function itemOf(items: Items, kind: FacetKind, action: string | null, value: string, outcome: Outcome): GrowingItem {
  const key = kind === 'signal' ? JSON.stringify([action, value]) : (action ?? '');
  const known = items[kind].get(key);
  if (known !== undefined) return known;
  const own = kind === 'signal' ? value : null;
  const item = { kind, action, outcome, value: own, arn: null, entries: new Map(), overflow: false, worst: null };
  items[kind].set(key, item);
  return item;
}

function absorb(item: GrowingItem, value: string, by: string, reading: Reading): void {
  const known = item.entries.get(value);
  if (known === undefined) {
    if (item.entries.size >= bound && !makeRoom(item, value, reading.rank)) return;
    item.entries.set(value, entryOf(by, reading));
  } else if (!isSaid(known, reading) && !isNextDay(known, reading)) {
    item.entries.set(value, joinEntries(known, entryOf(by, reading)) as Growing);
  }
}

/** Whether the entry already says all that the event says; true for nearly every event of a long log. */
function isSaid(entry: Entry, { event, day }: Reading): boolean {
  if (event.time <= entry.first.time || isStronger(event, entry)) return false;
  if (day !== entry.last && !entry.days.includes(day)) return false;
  return (
    entry.returns.length === 0 || !entry.returns.some((use) => dayOf(use.time) === day && compareUses(event, use) <= 0)
  );
}

/** The usual news of a log in the order of time: one more day, soon after the last. Joined in place. */
function isNextDay(entry: Growing, { event, day }: Reading): boolean {
  if (day <= entry.last || entry.returns.length > 0 || isStronger(event, entry)) return false;
  if (daysBetween(entry.last, day) >= restDays) return false;
  entry.last = day;
  entry.days.push(day);
  const oldest = oldestDay(day);
  while (entry.days[0]! < oldest) entry.days.shift();
  return true;
}

const isStronger = (event: UsageEvent, entry: Entry): boolean =>
  event.trust !== entry.trust && trustClasses.indexOf(event.trust) > trustClasses.indexOf(entry.trust);

function entryOf(by: string, reading: Reading): Growing {
  if (reading.use?.action !== by) reading.use = firstUseOf(reading.event, by);
  return { trust: reading.event.trust, first: reading.use, last: reading.day, days: [reading.day], returns: [] };
}

/** Whether the new value stays; the value that must go for it is dropped. */
function makeRoom(item: GrowingItem, value: string, rank: Rank): boolean {
  item.overflow = true;
  item.worst ??= worstOf(item.entries.keys(), rank);
  if (isWorse(value, item.worst, rank)) return false;
  item.entries.delete(item.worst);
  item.worst = null;
  return true;
}

const itemsOf = ({ principal, actor, outcomes }: Shelf): LedgerItem[] =>
  Object.values(outcomes)
    .flatMap((items) => Object.values(items))
    .flatMap((items) => [...items.values()])
    .map(({ kind, action, outcome, value, arn, entries, overflow }) => ({
      v: 1,
      principal,
      actor,
      kind,
      action,
      outcome,
      value,
      arn,
      entries: new Map([...entries].map(([each, entry]) => [each, { ...entry, days: [...entry.days] }])),
      overflow,
    }));
