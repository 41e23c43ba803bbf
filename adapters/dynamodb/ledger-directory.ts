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

const actorPk = (actor: ActorId) => `#actor|${keyOf([actor, 1900])}`;
const shardPk = (shard: string) => `#principals|${shard}`;
const row = (pk: string, principal: PrincipalId): DirectoryRow => ({
  pk,
  sk: keyOf([principal, 900]),
  v: 1,
  p: principal,
});

/** Directory rows beside the items; what was seen once is not looked up again. */
export function ledgerDirectory(table: Table): Directory {
  const entered = new Set<string>();
  const place = ({ pk, sk }: Key) => `${pk}\n${sk}`;

  const enter = async (items: readonly ItemKey[]) => {
    const rows = items.flatMap(({ actor, principal }) => [
      row(actorPk(actor), principal),
      row(shardPk(shardOf(principal)), principal),
    ]);
    const unknown = new Map(rows.filter((one) => !entered.has(place(one))).map((one) => [place(one), one]));
    const found = await batchGet(table, [...unknown.values()]);
    for (const one of found) unknown.delete(place(one as unknown as Key));
    await mapLimited([...unknown.values()], 16, (Item) =>
      table.client.send(new PutCommand({ TableName: table.name, Item })),
    );
    for (const one of rows) entered.add(place(one));
  };
  const named = async (pk: string) => (await queryRows(table, pk)).map(({ p }) => p as PrincipalId);

  return {
    enter,
    principalsOf: (actor) => named(actorPk(actor)),
    principals: async () => (await mapLimited(shards, 4, (shard) => named(shardPk(shard)))).flat().sort(),
  };
}
