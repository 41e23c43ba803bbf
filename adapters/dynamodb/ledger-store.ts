import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Rank } from '../../core/usage/bounded.ts';
import { type ItemKey, keyText, type LedgerItem } from '../../core/usage/item.ts';
import { joinItems } from '../../core/usage/join.ts';
import { bringsUnscored } from '../../core/usage/marks.ts';
import type { LedgerStore, StoredItem } from '../../usecases/ports/ledger-store.ts';
import { batchGet } from './batch-get.ts';
import type { Table } from './client.ts';
import { coverageRows } from './coverage-rows.ts';
import { rowOfImage } from './image.ts';
import { shards } from './keys.ts';
import { type Directory, ledgerDirectory } from './ledger-directory.ts';
import { actorPrefix, itemBody, itemKey, itemRow, markOf, principalPk, readItem } from './ledger-row.ts';
import { lineageRows } from './lineage-rows.ts';
import { queryKeys, queryRows } from './query.ts';
import { type Remembered, remembered } from './remembered.ts';
import { again, mapLimited, retrying } from './retry.ts';
import { unscoredIndex } from './table.ts';

export interface LedgerOptions extends Table {
  /** Which values of a full set stay (core/usage/bounded.ts). */
  rank: Rank;
  /** How many items a warm function remembers; 0: none. */
  remember?: number;
}

interface Context extends LedgerOptions {
  directory: Directory;
  known: Remembered<StoredItem>;
}

/** Puts under way at once: enough to hide the latency, too few to throttle a fresh on-demand table. */
const atOnce = 16;

/** The ledger in DynamoDB; the design of its rows is in table.ts. */
export function dynamoLedgerStore(options: LedgerOptions): LedgerStore {
  const context = {
    ...options,
    directory: ledgerDirectory(options),
    known: remembered<StoredItem>(options.remember ?? 20_000),
  };
  return {
    join: (items) => joinAll(context, items),
    itemsOfPrincipal: async (principal) => (await queryRows(options, principalPk(principal))).map(itemOfRow),
    itemsOfActor: async (actor) => {
      const principals = await context.directory.principalsOf(actor);
      const rows = await mapLimited(principals, 4, (principal) =>
        queryRows(options, principalPk(principal), { prefix: actorPrefix(actor) }),
      );
      return rows.flat().map(itemOfRow);
    },
    principals: context.directory.principals,
    ...marks(options),
    ...coverageRows(options),
    ...lineageRows(options),
  };
}

const itemOfRow = (row: Record<string, unknown>): LedgerItem => readItem(row).item;

async function joinAll(context: Context, items: readonly LedgerItem[]): Promise<StoredItem[]> {
  const keys = items.map(keyText);
  const joined = new Map<string, LedgerItem>();
  for (const [at, item] of items.entries()) {
    const other = joined.get(keys[at]!);
    joined.set(keys[at]!, other === undefined ? item : joinItems(other, item, context.rank));
  }
  const stored = await readUnknown(context, joined);
  // An item that exists has its names in the directory: they are always written first.
  await context.directory.enter([...joined].filter(([key]) => !stored.has(key)).map(([, item]) => item));
  await mapLimited([...joined], atOnce, async ([key, item]) => {
    const now = await settle(context, item, stored.get(key));
    if (now === stored.get(key)) return;
    stored.set(key, now);
    // The map is the caller's own; what we remember must not change with it.
    context.known.set(key, { ...now, item: { ...now.item, entries: new Map(now.item.entries) } });
  });
  return keys.map((key) => stored.get(key)!);
}

/** What is stored under the items' keys, as far as we remember, else as the table has it. */
async function readUnknown(
  { known, ...table }: Context,
  items: ReadonlyMap<string, LedgerItem>,
): Promise<Map<string, StoredItem>> {
  const found = new Map<string, StoredItem>();
  const unknown: LedgerItem[] = [];
  for (const [key, item] of items) {
    const stored = known.get(key);
    if (stored === undefined) unknown.push(item);
    else found.set(key, stored);
  }
  for (const row of await batchGet(table, unknown.map(itemKey))) {
    const stored = readItem(row);
    const key = keyText(stored.item);
    known.set(key, stored);
    found.set(key, stored);
  }
  return found;
}

/** Joins one item over what we believe is stored; where we are wrong, over what the refused write gave back. */
function settle(context: Context, item: LedgerItem, before: StoredItem | undefined): Promise<StoredItem> {
  let stored = before;
  return retrying(context.backoff, `joining ${keyText(item)}`, async () => {
    const joined = stored === undefined ? item : joinItems(stored.item, item, context.rank);
    if (stored !== undefined && isDeepStrictEqual(joined, stored.item)) return stored;
    const next = { item: joined, revision: (stored?.revision ?? 0) + 1 };
    const winner = await (stored === undefined ? insert(context, next) : replace(context, stored, next));
    if (winner === undefined) return next;
    stored = winner;
    return again;
  });
}

/** Undefined when written; else the row that was there. */
const insert = ({ client, name }: Table, next: StoredItem): Promise<StoredItem | undefined> =>
  unlessRefused(
    client.send(
      new PutCommand({
        TableName: name,
        Item: itemRow(next, bringsUnscored(undefined, next.item)),
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ),
  );

/** Leaves a mark that is there as it is: whoever scores may remove it meanwhile. */
function replace({ client, name }: Table, before: StoredItem, next: StoredItem): Promise<StoredItem | undefined> {
  const key = itemKey(next.item);
  const { v, j, b } = itemBody(next.item);
  const marks = bringsUnscored(before.item, next.item);
  return unlessRefused(
    client.send(
      new UpdateCommand({
        TableName: name,
        Key: key,
        UpdateExpression: `set #v = :v, #r = :r, #body = :body${marks ? ', #u = :u' : ''} remove #other`,
        ConditionExpression: '#r = :was',
        ExpressionAttributeNames: {
          '#v': 'v',
          '#r': 'r',
          '#body': j === undefined ? 'b' : 'j',
          '#other': j === undefined ? 'j' : 'b',
          ...(marks && { '#u': 'u' }),
        },
        ExpressionAttributeValues: {
          ':v': v,
          ':r': next.revision,
          ':was': before.revision,
          ':body': j ?? b,
          ...(marks && { ':u': markOf(key) }),
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ),
  );
}

async function unlessRefused(write: Promise<unknown>): Promise<StoredItem | undefined> {
  try {
    await write;
    return undefined;
  } catch (fault) {
    if (!(fault instanceof ConditionalCheckFailedException)) throw fault;
    if (fault.Item === undefined) throw new Error('a ledger row vanished; nothing ever deletes one', { cause: fault });
    return readItem(rowOfImage(fault.Item));
  }
}

function marks(table: Table): Pick<LedgerStore, 'unscored' | 'unmark'> {
  return {
    unscored: async (limit) => {
      if (limit <= 0) return [];
      const keys = await mapLimited(shards, 4, (shard) => queryKeys(table, unscoredIndex, shard, { limit }));
      const rows = await batchGet(table, keys.flat().slice(0, limit));
      return rows
        .filter((row) => row.u !== undefined)
        .map(readItem)
        .map(({ item, revision }) => ({ key: keyFields(item), revision }));
    },
    unmark: async ({ key, revision }) => {
      await table.client
        .send(
          new UpdateCommand({
            TableName: table.name,
            Key: itemKey(key),
            UpdateExpression: 'remove #u',
            ConditionExpression: '#r = :r and attribute_exists(#u)',
            ExpressionAttributeNames: { '#u': 'u', '#r': 'r' },
            ExpressionAttributeValues: { ':r': revision },
          }),
        )
        .catch((fault: unknown) => {
          if (!(fault instanceof ConditionalCheckFailedException)) throw fault;
        });
    },
  };
}

/** The key of an item, and nothing else of it. */
export const keyFields = ({ principal, actor, kind, action, outcome, value }: ItemKey): ItemKey => ({
  principal,
  actor,
  kind,
  action,
  outcome,
  value,
});
