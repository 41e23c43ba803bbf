import { decodeItem, encodeItem } from '../../core/usage/codec.ts';
import type { ItemKey, LedgerItem } from '../../core/usage/item.ts';
import type { StoredItem } from '../../usecases/ports/ledger-store.ts';
import { type Body, pack, unpack } from './codec.ts';
import { type Key, keyOf, shardOf } from './keys.ts';

/** An item as its row: key, body, revision, and the mark where it waits to be scored. */
export interface LedgerRow extends Key, Body {
  r: number;
  u?: string;
}

/** How the body is packed. What is in it has core's version of its own (core/usage/codec.ts). */
const version = 1;

/** The partition of a principal's items. No other row's begins without `#`, and none of these holds a bare `|`. */
export const principalPk = (principal: string): string => keyOf([principal, 1900]);

/** What every sort key of an actor begins with. */
export const actorPrefix = (actor: string): string => `${keyOf([actor, 400])}|`;

/** Where an item is stored. */
export const itemKey = ({ principal, actor, kind, action, outcome, value }: ItemKey): Key => ({
  pk: principalPk(principal),
  sk: actorPrefix(actor) + keyOf([kind, 20], [action, 300], [value, 120], [outcome, 20]),
});

/** The shard of the unscored index that an item belongs to. */
export const markOf = ({ pk, sk }: Key): string => shardOf(`${pk}\n${sk}`);

/** The body alone: what an update of an existing row replaces. */
export const itemBody = (item: LedgerItem): Body => pack(version, encodeItem(item));

/** The whole row, as it is inserted. */
export function itemRow({ item, revision }: StoredItem, marked: boolean): LedgerRow {
  const key = itemKey(item);
  return { ...key, ...itemBody(item), r: revision, ...(marked && { u: markOf(key) }) };
}

/** The item of a row, of this or an earlier version. */
export const readItem = (row: Record<string, unknown>): StoredItem => ({
  item: decodeItem(unpack(row as unknown as LedgerRow, version, {})),
  revision: (row as unknown as LedgerRow).r,
});
