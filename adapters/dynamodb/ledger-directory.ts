import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ActorId, PrincipalId } from '../../core/identity/principal.ts';
import type { ItemKey } from '../../core/usage/item.ts';
import { batchGet } from './batch-get.ts';
import type { Table } from './client.ts';
import { type Key, keyOf, shardOf, shards } from './keys.ts';
import { queryRows } from './query.ts';
import { mapLimited } from './retry.ts';

/** Which principals there are, and which of them an actor used. */
export interface Directory {
  /** Makes sure that the pairs are known, before any item of theirs is. */
  enter(items: readonly ItemKey[]): Promise<void>;
  principalsOf(actor: ActorId): Promise<readonly PrincipalId[]>;
  principals(): Promise<readonly PrincipalId[]>;
}

interface DirectoryRow extends Key {
  v: 1;
  /** The principal, whole. */
  p: string;
}

const shardPk = (shard: string) => `#directory|${shard}`;
const prefixOf = (actor: ActorId) => `${keyOf([actor, 480])}|`;
const rowOf = ({ actor, principal }: ItemKey): DirectoryRow => ({
  pk: shardPk(shardOf(actor)),
  sk: prefixOf(actor) + keyOf([principal, 480]),
  v: 1,
  p: principal,
});

/** Directory rows beside the items, one a pair; what was seen once is not looked up again. */
export function ledgerDirectory(table: Table): Directory {
  const entered = new Set<string>();
  const place = ({ pk, sk }: Key) => `${pk}\n${sk}`;

  const enter = async (items: readonly ItemKey[]) => {
    const rows = items.map(rowOf);
    const unknown = new Map(rows.filter((row) => !entered.has(place(row))).map((row) => [place(row), row]));
    const found = await batchGet(table, [...unknown.values()]);
    for (const row of found) unknown.delete(place(row as unknown as Key));
    await mapLimited([...unknown.values()], 16, (Item) =>
      table.client.send(new PutCommand({ TableName: table.name, Item })),
    );
    for (const row of rows) entered.add(place(row));
  };
  const named = async (shard: string, prefix?: string) =>
    (await queryRows(table, shardPk(shard), prefix === undefined ? {} : { prefix })).map(({ p }) => p as PrincipalId);

  return {
    enter,
    principalsOf: (actor) => named(shardOf(actor), prefixOf(actor)),
    principals: async () => [...new Set((await mapLimited(shards, 4, (shard) => named(shard))).flat())].sort(),
  };
}
