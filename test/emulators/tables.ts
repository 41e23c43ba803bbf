import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { type Backoff, documentClient, type Table } from '../../adapters/dynamodb/client.ts';
import type { TableShape } from '../../adapters/dynamodb/table.ts';
import type { Emulator } from './moto.ts';

/** Never waits long and rolls no dice: attempts follow each other in the order of the event loop. */
const steadyBackoff: Backoff = {
  wait: () => new Promise((resolve) => setImmediate(resolve)),
  random: () => 0,
};

let made = 0;

/** A fresh, empty table with the keys and indexes that the stack would make. */
export async function freshTable({ endpoint }: Emulator, shape: TableShape): Promise<Table> {
  const client = documentClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  oneAtATime(client);
  made += 1;
  const name = `table-${made}`;
  const { partitionKey, sortKey, indexes } = shape;
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
  const named = new Set([partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])]);
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...named].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: keys(partitionKey, sortKey),
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keys(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: index.projection === 'keys-only' ? ('KEYS_ONLY' as const) : ('ALL' as const) },
      })),
    }),
  );
  return { client, name, backoff: steadyBackoff };
}

/**
 * DynamoDB's transactions are isolated. moto copies the table, writes, and puts the copy back where a condition fails, so
 * that whatever another request wrote meanwhile is gone: its requests must not overlap. Callers still interleave between
 * any two of their requests, which is all the interleaving that DynamoDB lets them see.
 */
function oneAtATime(client: Table['client']): void {
  let last: Promise<unknown> = Promise.resolve();
  client.middlewareStack.add(
    (next) => (input) => {
      const mine = last.then(() => next(input));
      last = mine.catch(() => undefined);
      return mine;
    },
    { step: 'initialize', name: 'oneAtATime' },
  );
}
