import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { batchGet } from './batch-get.ts';
import type { Table } from './client.ts';
import type { Key } from './keys.ts';
import type { IndexShape } from './table.ts';

export interface Range {
  /** Begins with this, or lies between both, ends included. */
  prefix?: string;
  between?: readonly [string, string];
  descending?: boolean;
  limit?: number;
}

/** All rows of a partition (in a range, up to a limit), page by page, read consistently. */
export const queryRows = (table: Table, pk: string, range: Range = {}): Promise<Record<string, unknown>[]> =>
  pages(table, { ...condition('pk', 'sk', pk, range), ConsistentRead: true }, range);

/** The keys that an index has under `value`, in its order. An index may lag behind its table. */
export async function queryKeys(table: Table, index: IndexShape, value: string, range: Range = {}): Promise<Key[]> {
  const found = { IndexName: index.name, ...condition(index.partitionKey, index.sortKey, value, range) };
  return (await pages(table, found, range)).map((row) => ({ pk: String(row.pk), sk: String(row.sk) }));
}

/** The rows that an index names, in its order, as the table holds them now. */
export async function queryIndex(
  table: Table,
  index: IndexShape,
  value: string,
  range: Range = {},
): Promise<Record<string, unknown>[]> {
  const keys = await queryKeys(table, index, value, range);
  const rows = new Map((await batchGet(table, keys)).map((row) => [`${row.pk}\n${row.sk}`, row]));
  // A row that left this place since then is not in it any more, whatever the index still says.
  return keys
    .map(({ pk, sk }) => rows.get(`${pk}\n${sk}`))
    .filter((row) => row !== undefined && row[index.partitionKey] === value) as Record<string, unknown>[];
}

function condition(
  partition: string,
  sort: string,
  value: string,
  { prefix, between }: Range,
): Partial<QueryCommandInput> {
  const names = { '#p': partition };
  if (prefix !== undefined)
    return {
      KeyConditionExpression: '#p = :p and begins_with(#s, :s)',
      ExpressionAttributeNames: { ...names, '#s': sort },
      ExpressionAttributeValues: { ':p': value, ':s': prefix },
    };
  if (between !== undefined)
    return {
      KeyConditionExpression: '#p = :p and #s between :a and :b',
      ExpressionAttributeNames: { ...names, '#s': sort },
      ExpressionAttributeValues: { ':p': value, ':a': between[0], ':b': between[1] },
    };
  return {
    KeyConditionExpression: '#p = :p',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ':p': value },
  };
}

async function pages(
  { client, name }: Table,
  input: Partial<QueryCommandInput>,
  { descending = false, limit = Number.POSITIVE_INFINITY }: Range,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  while (rows.length < limit) {
    const page = await client.send(
      new QueryCommand({
        TableName: name,
        ...input,
        ScanIndexForward: !descending,
        ...(Number.isFinite(limit) && { Limit: limit - rows.length }),
        ExclusiveStartKey: from,
      }),
    );
    rows.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
    if (from === undefined) break;
  }
  return rows;
}
