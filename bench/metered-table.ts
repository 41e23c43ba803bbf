import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../adapters/dynamodb/client.ts';
import { imageOf } from '../adapters/dynamodb/image.ts';
import type { IndexShape, TableShape } from '../adapters/dynamodb/table.ts';
import { type Expressions, holds, type Row, updated } from './expressions.ts';

/** Write units by what was written: a class of rows, and beside it `…, index` for its entries in indexes. */
export type Units = ReadonlyMap<string, number>;

export interface MeteredTable {
  table: Table;
  units(): Units;
  /** Bytes of all rows now, by DynamoDB's rule of sizes. */
  bytes(): number;
  rows(): number;
}

interface Write {
  kind: 'put' | 'update' | 'delete';
  input: Expressions & { Item?: Row; Key?: Row; ReturnValuesOnConditionCheckFailure?: string };
}

/**
 * A table in memory that understands what the stores send and counts what DynamoDB would bill for writing: a unit for
 * each begun kilobyte of the larger of the row before and after, the same for each index entry that changes (two where
 * its key changes), double in transactions, and a refused condition like a write of the row that refused it.
 */
export function meteredTable(shape: TableShape, classOf: (row: Row) => string): MeteredTable {
  const rows = new Map<string, Row>();
  const partitions = partitionsOf(shape);
  const units = new Map<string, number>();
  const count = (name: string, amount: number) => {
    if (amount > 0) units.set(name, (units.get(name) ?? 0) + amount);
  };

  const apply = ({ kind, input }: Write, factor: number): void => {
    const key = input.Item ?? input.Key!;
    const before = rows.get(placeOf(key));
    const after = outcome(kind, input, before);
    const name = classOf(key);
    count(name, factor * Math.max(kilobytes(before), kilobytes(after), 1));
    for (const index of shape.indexes) count(`${name}, index`, factor * indexUnits(index, before, after));
    if (after === undefined) rows.delete(placeOf(key));
    else rows.set(placeOf(key), after);
    partitions.move(placeOf(key), before, after);
  };
  const checked = (write: Write): Row | undefined | 'held' => {
    const key = write.input.Item ?? write.input.Key!;
    const before = rows.get(placeOf(key));
    return holds(write.input, before) ? 'held' : before;
  };

  const single = (write: Write): Record<string, unknown> => {
    const refused = checked(write);
    if (refused === 'held') apply(write, 1);
    else {
      count(classOf(write.input.Item ?? write.input.Key!), Math.max(kilobytes(refused), 1));
      throw new ConditionalCheckFailedException({
        $metadata: {},
        message: 'The conditional request failed',
        ...(refused && write.input.ReturnValuesOnConditionCheckFailure && { Item: imageOf(refused) as never }),
      });
    }
    return {};
  };
  const transaction = (writes: readonly Write[]): Record<string, unknown> => {
    const refused = writes.map((write) => checked(write) !== 'held');
    if (refused.includes(true)) {
      for (const { input } of writes) count(classOf(input.Item ?? input.Key!), 2);
      const CancellationReasons = refused.map((no) => ({ Code: no ? 'ConditionalCheckFailed' : 'None' }));
      throw new TransactionCanceledException({ $metadata: {}, message: 'cancelled', CancellationReasons });
    }
    for (const write of writes) apply(write, 2);
    return {};
  };

  const send = async (request: { constructor: { name: string }; input: never }) => {
    const { input } = request;
    const command = request.constructor.name;
    if (command in kinds) return single({ kind: kinds[command]!, input });
    if (command === 'TransactWriteCommand') return transaction(writesOf(input));
    if (command === 'GetCommand') return { Item: structuredCopy(rows.get(placeOf((input as { Key: Row }).Key))) };
    if (command === 'BatchGetCommand') return batchGet(rows, input);
    if (command === 'QueryCommand') return query(partitions, shape, input);
    throw new Error(`${command} is not understood here`);
  };
  const client = { send } as unknown as DynamoDBDocumentClient;
  const backoff = { wait: () => Promise.resolve(), random: () => 0 };
  return {
    table: { client, name: 'metered', backoff },
    units: () => new Map([...units].sort(([a], [b]) => (a < b ? -1 : 1))),
    rows: () => rows.size,
    bytes: () => [...rows.values()].reduce((sum, row) => sum + sizeOf(row), 0),
  };
}

const kinds: Readonly<Record<string, Write['kind']>> = {
  PutCommand: 'put',
  UpdateCommand: 'update',
  DeleteCommand: 'delete',
};

const placeOf = ({ pk, sk }: Row): string => `${String(pk)}\n${String(sk)}`;
const structuredCopy = (row: Row | undefined): Row | undefined => (row === undefined ? undefined : { ...row });

function outcome(kind: Write['kind'], input: Write['input'], before: Row | undefined): Row | undefined {
  if (kind === 'delete') return undefined;
  // A client that leaves undefined fields out does so here too.
  if (kind === 'put') return Object.fromEntries(Object.entries(input.Item!).filter(([, value]) => value !== undefined));
  return updated(input, before ?? { ...input.Key! });
}

const writesOf = ({ TransactItems }: { TransactItems: Record<string, Write['input']>[] }): Write[] =>
  TransactItems.map((item) => {
    const [[name, input]] = Object.entries(item) as [[string, Write['input']]];
    return { kind: name.toLowerCase() as Write['kind'], input };
  });

function batchGet(rows: ReadonlyMap<string, Row>, input: { RequestItems: Record<string, { Keys: Row[] }> }) {
  const [[name, { Keys }]] = Object.entries(input.RequestItems) as [[string, { Keys: Row[] }]];
  const found = Keys.map((key) => rows.get(placeOf(key))).filter((row) => row !== undefined);
  return { Responses: { [name]: found.map((row) => ({ ...row })) } };
}

interface Partitions {
  move(place: string, before: Row | undefined, after: Row | undefined): void;
  /** The rows whose key of that shape begins so, in no particular order. */
  rows(keys: Keys, partition: string): Iterable<Row>;
}

type Keys = Pick<TableShape, 'partitionKey' | 'sortKey'>;

/** The rows by the partition of the table and of each index: a scan of all rows for each query took most of the time. */
function partitionsOf(shape: TableShape): Partitions {
  const all = new Map([shape, ...shape.indexes].map((keys: Keys) => [keys, new Map<string, Map<string, Row>>()]));
  const partitionOf = (keys: Keys, row: Row | undefined): string | undefined =>
    row?.[keys.partitionKey] === undefined || row[keys.sortKey] === undefined
      ? undefined
      : String(row[keys.partitionKey]);
  return {
    move(place, before, after) {
      for (const [keys, partitions] of all) {
        const [from, to] = [partitionOf(keys, before), partitionOf(keys, after)];
        if (from !== undefined && from !== to) partitions.get(from)?.delete(place);
        if (to === undefined) continue;
        const rows = partitions.get(to) ?? new Map<string, Row>();
        partitions.set(to, rows.set(place, after!));
      }
    },
    rows: (keys, partition) => all.get(keys)?.get(partition)?.values() ?? [],
  };
}

function query(
  partitions: Partitions,
  shape: TableShape,
  input: Expressions & { IndexName?: string; Limit?: number; ScanIndexForward?: boolean },
) {
  const index = shape.indexes.find(({ name }) => name === input.IndexName) ?? shape;
  const condition = { ...input, ConditionExpression: input.KeyConditionExpression! };
  const found = [...partitions.rows(index, partitionAsked(input))]
    .filter((row) => holds(condition, row))
    .sort((a, b) => (String(a[index.sortKey]) < String(b[index.sortKey]) ? -1 : 1));
  if (input.ScanIndexForward === false) found.reverse();
  return { Items: found.slice(0, input.Limit ?? found.length).map((row) => ({ ...row })) };
}

/** Every key condition of the stores begins with the partition. */
function partitionAsked(input: Expressions): string {
  const [, value] = /^\S+ = (\S+)/.exec(input.KeyConditionExpression!) ?? [];
  if (value === undefined) throw new Error(`the condition ${input.KeyConditionExpression} names no partition`);
  return String(input.ExpressionAttributeValues![value]);
}

/** Bytes of a row by DynamoDB's rule: names and values, numbers by two digits a byte, no overhead but of storage. */
export const sizeOf = (row: Row): number =>
  Object.entries(row).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);

function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(Math.abs(value)).replace(/0+$/, '').length / 2) + 1;
  if (value instanceof Set) return [...value].reduce<number>((sum, one) => sum + valueSize(one), 0);
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (value === null || typeof value === 'boolean') return 1;
  throw new TypeError(`rows hold no ${typeof value}`);
}

const kilobytes = (row: Row | undefined): number => (row === undefined ? 0 : Math.ceil(sizeOf(row) / 1024));

/** What an index of keys costs: nothing where its entry stays as it is. */
function indexUnits(index: IndexShape, before: Row | undefined, after: Row | undefined): number {
  const [old, now] = [projected(index, before), projected(index, after)];
  if (old !== undefined && now !== undefined && JSON.stringify(old) === JSON.stringify(now)) return 0;
  return kilobytes(old) + kilobytes(now);
}

function projected(index: IndexShape, row: Row | undefined): Row | undefined {
  if (row?.[index.partitionKey] === undefined || row[index.sortKey] === undefined) return undefined;
  const names = [...new Set(['pk', 'sk', index.partitionKey, index.sortKey])];
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}
