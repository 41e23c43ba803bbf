import { type AttributeValue, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Table } from '../../adapters/dynamodb/client.ts';

/** A row as DynamoDB's API writes it in JSON; bytes are base64. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** Every row of a table, by its key. */
export async function dump({ client, name }: Table): Promise<StoredRow[]> {
  const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ TableName: name }));
  if (LastEvaluatedKey !== undefined) throw new Error('the table is too large for a release’s rows');
  const keyOf = (row: Record<string, AttributeValue>) => `${row.pk?.S} ${row.sk?.S}`;
  return Items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).map((row) =>
    Object.fromEntries(Object.entries(row).map(([field, value]) => [field, plain(value)])),
  );
}

const plain = (value: AttributeValue): unknown =>
  value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') };

/** Puts the rows as they were, field by field: what reads them may not have written them. */
export async function restore({ client, name }: Table, rows: readonly StoredRow[]): Promise<void> {
  for (const row of rows) {
    const Item = Object.fromEntries(
      Object.entries(row).map(([field, value]) => {
        const { B } = value as { B?: string };
        return [field, B === undefined ? (value as AttributeValue) : { B: Buffer.from(B, 'base64') }];
      }),
    );
    await client.send(new PutItemCommand({ TableName: name, Item }));
  }
}
