import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from './client.ts';
import type { Key } from './keys.ts';
import { again, mapLimited, retrying } from './retry.ts';

const most = 100;

/** Reads rows by key, consistently; those that do not exist are left out. In no particular order. */
export async function batchGet(
  { client, name, backoff }: Table,
  keys: readonly Key[],
): Promise<Record<string, unknown>[]> {
  const chunks = Array.from({ length: Math.ceil(keys.length / most) }, (_, n) => keys.slice(n * most, (n + 1) * most));
  const read = async (chunk: readonly Key[]) => {
    const rows: Record<string, unknown>[] = [];
    let waiting: Record<string, unknown>[] = chunk.map(({ pk, sk }) => ({ pk, sk }));
    return retrying(backoff, `reading ${chunk.length} rows of ${name}`, async () => {
      const answer = await client.send(
        new BatchGetCommand({ RequestItems: { [name]: { Keys: waiting, ConsistentRead: true } } }),
      );
      rows.push(...(answer.Responses?.[name] ?? []));
      waiting = answer.UnprocessedKeys?.[name]?.Keys ?? [];
      return waiting.length === 0 ? rows : again;
    });
  };
  return (await mapLimited(chunks, 4, read)).flat();
}
