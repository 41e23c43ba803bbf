import type { ActorId, PrincipalId } from '../identity/principal.ts';
import { bound, isWorse, type Rank, worstOf } from './bounded.ts';
import type { EntryId, EntryTable, Moment } from './entry-table.ts';
import type { Outcome } from './event.ts';
import type { Entry, FacetKind, LedgerItem } from './item.ts';
import { leastArn } from './join.ts';

/** An item while it grows. */
interface GrowingItem {
  kind: FacetKind;
  action: string | null;
  outcome: Outcome;
  /** Of signals. */
  value: string | null;
  arn: string | null;
  /** The value that came last, which mostly comes next too, and its entry; null before the first. */
  recentValue: string | null;
  recent: EntryId;
  /** By value; null where the recent one is the only one. */
  entries: Map<string, EntryId> | null;
  overflow: boolean;
  /** The value that goes first, once the set is full. */
  worst: string | null;
}

/** What the events of one action grow. */
interface ActionItems {
  action: string;
  own: GrowingItem | null;
  resources: GrowingItem | null;
}

/** The items of one outcome. */
interface Items {
  outcome: Outcome;
  actions: Map<string, ActionItems>;
  /** The action that came last: its resources come next. */
  recent: ActionItems | null;
  /** What surrounds calls, by kind. */
  sets: Map<FacetKind, GrowingItem>;
  signals: Map<string, GrowingItem>;
}

/** What the shelves of a ledger share. */
export interface Shared {
  table: EntryTable;
  rank: Rank;
  /** One text for all equal ones. */
  oneOf(text: string): string;
}

/** The items of one caller. */
export interface Shelf {
  principal: PrincipalId;
  actor: ActorId;
  used: Items;
  'not-found': Items;
  denied: Items;
}

/** A shelf without items. */
export const createShelf = (principal: PrincipalId, actor: ActorId): Shelf => ({
  principal,
  actor,
  used: noItems('used'),
  'not-found': noItems('not-found'),
  denied: noItems('denied'),
});

const noItems = (outcome: Outcome): Items => ({
  outcome,
  actions: new Map(),
  recent: null,
  sets: new Map(),
  signals: new Map(),
});

/** The item of these that holds the fact: signals are items by value, all others by action. */
export function itemOf(items: Items, kind: FacetKind, action: string | null, value: string): GrowingItem {
  if (kind === 'action') {
    const own = ofAction(items, action!);
    own.own ??= emptyItem(kind, action, items.outcome);
    return own.own;
  }
  if (kind === 'resource') {
    const own = ofAction(items, action!);
    own.resources ??= emptyItem(kind, action, items.outcome);
    return own.resources;
  }
  return kind === 'signal' ? signalOf(items, action, value) : setOf(items, kind, action);
}

function ofAction(items: Items, action: string): ActionItems {
  const { recent } = items;
  if (recent !== null && recent.action === action) return recent;
  let known = items.actions.get(action);
  if (known === undefined) {
    known = { action, own: null, resources: null };
    items.actions.set(action, known);
  }
  items.recent = known;
  return known;
}

function signalOf(items: Items, action: string | null, value: string): GrowingItem {
  const key = JSON.stringify([action, value]);
  const known = items.signals.get(key);
  if (known !== undefined) return known;
  const item = { ...emptyItem('signal', action, items.outcome), value };
  items.signals.set(key, item);
  return item;
}

function setOf(items: Items, kind: FacetKind, action: string | null): GrowingItem {
  const known = items.sets.get(kind);
  if (known !== undefined) return known;
  const item = emptyItem(kind, action, items.outcome);
  items.sets.set(kind, item);
  return item;
}

const emptyItem = (kind: FacetKind, action: string | null, outcome: Outcome): GrowingItem => ({
  kind,
  action,
  outcome,
  value: null,
  arn: null,
  recentValue: null,
  recent: -1,
  entries: null,
  overflow: false,
  worst: null,
});

/** Joins the event's use of `value` to the item. */
export function absorb(item: GrowingItem, value: string, by: string, moment: Moment, shared: Shared): void {
  if (item.recentValue === value) {
    shared.table.join(item.recent, by, moment);
    return;
  }
  const known = item.entries?.get(value);
  if (known !== undefined) {
    shared.table.join(known, by, moment);
    item.recentValue = value;
    item.recent = known;
  } else if (sizeOf(item) < bound || makeRoom(item, value, shared)) {
    keep(item, shared.oneOf(value), shared.table.add(by, moment));
  }
}

/** Takes the ARN in: an item keeps the least that its events name. */
export function nameBy(item: GrowingItem, arn: string | null): void {
  if (item.arn !== arn) item.arn = leastArn(item.arn, arn);
}

const sizeOf = ({ entries, recentValue }: GrowingItem): number => entries?.size ?? (recentValue === null ? 0 : 1);

function keep(item: GrowingItem, value: string, id: EntryId): void {
  if (item.entries !== null) item.entries.set(value, id);
  else if (item.recentValue !== null) item.entries = new Map([[item.recentValue, item.recent]]).set(value, id);
  item.recentValue = value;
  item.recent = id;
}

/** Whether the new value stays; the value that must go for it is dropped. */
function makeRoom(item: GrowingItem, value: string, { rank, table }: Shared): boolean {
  const entries = item.entries!;
  item.overflow = true;
  item.worst ??= worstOf(entries.keys(), rank);
  if (isWorse(value, item.worst, rank)) return false;
  table.remove(entries.get(item.worst)!);
  entries.delete(item.worst);
  item.worst = null;
  return true;
}

/** The shelf's items as they stand. */
export function* itemsOf({ principal, actor, ...shelf }: Shelf, table: EntryTable): Generator<LedgerItem> {
  for (const item of growing([shelf.used, shelf['not-found'], shelf.denied])) {
    const { kind, action, outcome, value, arn, overflow } = item;
    yield { v: 1, principal, actor, kind, action, outcome, value, arn, entries: entriesOf(item, table), overflow };
  }
}

function* growing(outcomes: readonly Items[]): Generator<GrowingItem> {
  for (const { actions, sets, signals } of outcomes) {
    for (const { own, resources } of actions.values()) {
      if (own !== null) yield own;
      if (resources !== null) yield resources;
    }
    yield* sets.values();
    yield* signals.values();
  }
}

function entriesOf({ entries, recentValue, recent }: GrowingItem, table: EntryTable): Map<string, Entry> {
  if (entries === null) return new Map([[recentValue!, table.get(recent)]]);
  const copies = new Map<string, Entry>();
  for (const [value, id] of entries) copies.set(value, table.get(id));
  return copies;
}
