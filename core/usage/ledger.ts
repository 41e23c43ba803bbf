import type { ActorId, PrincipalId } from '../identity/principal.ts';
import { type Day, dayNumber, dayOf } from '../time.ts';
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
  /** The number of a day of which no event of the entry's trust has anything to add; −1 where none is known. */
  settled: number;
}

interface GrowingItem {
  kind: FacetKind;
  action: string | null;
  outcome: Outcome;
  /** Of signals. */
  value: string | null;
  arn: string | null;
  entries: Map<string, Growing>;
  /** The value that came last, which mostly comes next too, and its entry. */
  recentValue: string | null;
  recent: Growing | null;
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
  /** Where the caller's events came from lately, latest first; all of it is in the items. */
  lately: readonly Lately[];
  outcomes: Readonly<Record<Outcome, Items>>;
}

const noSignals: readonly string[] = [];
const nameOf = ({ action }: { action: string }): string => action;

export function createLedger({ key, resources, actionsOf, signalsOf }: LedgerOptions): Ledger {
  const shelves = new Map<PrincipalId, Map<ActorId, Shelf>>();
  const reading = new Reading(rankBy(key));
  const mappedOf = actionsOf ?? (resources ? catalogued : null);

  return {
    add(event) {
      const mapped = mappedOf === null ? null : mappedOf(event);
      const actions = mapped === null ? actionNamesOf(event) : mapped.actions.map(nameOf);
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
  /** Of `day`: comparing numbers reads no memory but the entry's. */
  number = -1;
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
    if (this.day === '' || !event.time.startsWith(this.day)) {
      this.day = dayOf(event.time);
      this.number = dayNumber(this.day);
    }
  }

  /**
   * Whether an earlier event of the same day, trust and outcome came from the same place: then the items have it all.
   * Otherwise this event is one to compare the next ones with.
   */
  comesFromWhereItDid(): boolean {
    const { event, shelf, day } = this;
    const network = networkOf(event.sourceAddress);
    const outcome = aroundOf(event);
    for (let i = 0; i < shelf.lately.length; i++) {
      const lately = shelf.lately[i]!;
      if (lately.day !== day || lately.network !== network || lately.outcome !== outcome) continue;
      if (event.time > lately.time && lately.arn === shelf.arn && isLike(event, lately)) return true;
    }
    const { time, region, userAgent, trust } = event;
    const now = { time, region, userAgent, trust, arn: shelf.arn, day, network, outcome };
    shelf.lately = [now, ...shelf.lately.slice(0, places - 1)];
    return false;
  }

  take(kind: FacetKind, action: string | null, value: string, outcome: Outcome, by: string): void {
    const item = itemOf(this.shelf.outcomes[outcome], kind, action, value, outcome);
    const { arn } = this.shelf;
    if (item.arn !== arn) item.arn = leastArn(item.arn, arn);
    absorb(item, value, by, this);
  }
}

/** Callers come from few places in turn, with few tools: more would be compared with in vain. */
const places = 3;

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
    lately: [],
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
  const item: GrowingItem = {
    kind,
    action,
    outcome,
    value: own,
    arn: null,
    entries: new Map(),
    recentValue: null,
    recent: null,
    overflow: false,
    worst: null,
  };
  items[kind].set(key, item);
  return item;
}

function absorb(item: GrowingItem, value: string, by: string, reading: Reading): void {
  const known = item.recentValue === value ? item.recent! : item.entries.get(value);
  if (known === undefined) {
    if (item.entries.size >= bound && !makeRoom(item, value, reading.rank)) return;
    keep(item, value, entryOf(by, reading));
  } else if (known.settled === reading.number && known.trust === reading.event.trust) {
    item.recentValue = value;
    item.recent = known;
  } else if (isSaid(known, reading) || isNextDay(known, reading)) {
    if (isSettled(known, reading.day)) known.settled = reading.number;
  } else {
    keep(item, value, { ...(joinEntries(known, entryOf(by, reading)) as Growing), settled: -1 });
  }
}

function keep(item: GrowingItem, value: string, entry: Growing): void {
  item.entries.set(value, entry);
  item.recentValue = value;
  item.recent = entry;
}

/** Once the entry holds the day: every event of a day after the first use's, on which it did not come back, is said. */
const isSettled = (entry: Entry, day: Day): boolean => entry.returns.length === 0 && !entry.first.time.startsWith(day);

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

const none: readonly FirstUse[] = [];

function entryOf(by: string, reading: Reading): Growing {
  if (reading.use?.action !== by) reading.use = firstUseOf(reading.event, by);
  const { event, day, use: first } = reading;
  return { trust: event.trust, first, last: day, days: [day], returns: none, settled: -1 };
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
      entries: new Map([...entries].map(([each, entry]) => [each, copyOf(entry)])),
      overflow,
    }));

const copyOf = ({ trust, first, last, days, returns }: Growing): Entry => ({
  trust,
  first,
  last,
  days: [...days],
  returns,
});
