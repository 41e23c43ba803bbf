import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { joinEdges, type LineageEdge, latestFirst } from '../../core/usage/lineage.ts';
import type { LedgerStore } from '../../usecases/ports/ledger-store.ts';
import { batchGet } from './batch-get.ts';
import type { Table } from './client.ts';
import { type Body, pack, unpack } from './codec.ts';
import { rowOfImage } from './image.ts';
import { type Key, keyOf } from './keys.ts';
import { queryRows } from './query.ts';
import { remembered } from './remembered.ts';
import { again, mapLimited, retrying } from './retry.ts';

interface StoredEdge {
  edge: LineageEdge;
  revision: number;
}

const version = 1;
const lineagePk = (child: string) => `#lineage|${keyOf([child, 1900])}`;
const keyOfEdge = ({ child, parent }: LineageEdge): Key => ({
  pk: lineagePk(child),
  sk: keyOf([parent.principal, 900]),
});
const placeOf = (edge: LineageEdge) => JSON.stringify([edge.child, edge.parent.principal]);
const readEdge = (row: Record<string, unknown>): StoredEdge => ({
  edge: unpack(row as unknown as Body, version, {}) as LineageEdge,
  revision: row.r as number,
});

/** Edges, one row a child and parent, joined under a revision as items are. */
export function lineageRows(table: Table): Pick<LedgerStore, 'joinLineage' | 'parentsOf'> {
  const known = remembered<StoredEdge>(10_000);
  return {
    joinLineage: async (edges) => {
      const joined = new Map<string, LineageEdge>();
      for (const edge of edges) {
        const other = joined.get(placeOf(edge));
        joined.set(placeOf(edge), other === undefined ? edge : joinEdges(other, edge));
      }
      const unknown = [...joined].filter(([place]) => known.get(place) === undefined).map(([, edge]) => edge);
      for (const row of await batchGet(table, unknown.map(keyOfEdge))) {
        const stored = readEdge(row);
        known.set(placeOf(stored.edge), stored);
      }
      await mapLimited([...joined], 16, async ([place, edge]) => {
        known.set(place, await settle(table, edge, known.get(place)));
      });
    },
    parentsOf: async (child) =>
      latestFirst((await queryRows(table, lineagePk(child))).map((row) => readEdge(row).edge)),
  };
}

function settle({ client, name, backoff }: Table, edge: LineageEdge, before?: StoredEdge): Promise<StoredEdge> {
  let stored = before;
  return retrying(backoff, `joining the edge ${placeOf(edge)}`, async () => {
    const joined = stored === undefined ? edge : joinEdges(stored.edge, edge);
    if (stored !== undefined && isDeepStrictEqual(joined, stored.edge)) return stored;
    const next = { edge: joined, revision: (stored?.revision ?? 0) + 1 };
    try {
      await client.send(
        new PutCommand({
          TableName: name,
          Item: { ...keyOfEdge(joined), ...pack(version, joined), r: next.revision },
          ...(stored === undefined
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: '#r = :was',
                ExpressionAttributeNames: { '#r': 'r' },
                ExpressionAttributeValues: { ':was': stored.revision },
              }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return next;
    } catch (fault) {
      if (!(fault instanceof ConditionalCheckFailedException) || fault.Item === undefined) throw fault;
      stored = readEdge(rowOfImage(fault.Item));
      return again;
    }
  });
}
