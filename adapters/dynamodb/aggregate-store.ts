import { randomUUID } from 'node:crypto';
import { TransactionCanceledException, TransactionInProgressException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { AggregateType, DomainEvent } from '../../core/audit/event.ts';
import { type AggregateStore, checkStep, Stale } from '../../usecases/ports/aggregate-store.ts';
import type { Table } from './client.ts';
import { type Body, pack, type Upgrade, unpack } from './codec.ts';
import { type Key, keyOf } from './keys.ts';
import { eventRow } from './outbox.ts';
import { again, retrying } from './retry.ts';
import { dueIndex, listIndex, ownerIndex } from './table.ts';

/** How one type of aggregate is stored. */
export interface AggregateShape<T extends { version: number }> {
  type: AggregateType;
  /** The version that is written, and how older ones are brought to it. */
  version: number;
  upgrade: Upgrade;
  idOf(aggregate: T): string;
  /** Where the indexes have it; absent: nowhere. `sort` orders it in its list and among its owner's. */
  placeOf(aggregate: T): { list?: string; owner?: string; sort?: string; due?: { at: string; sort: string } };
}

/** Rows of one type, each written in one transaction with its events. */
export function dynamoAggregates<T extends { version: number }>(
  table: Table,
  shape: AggregateShape<T>,
): AggregateStore<T> {
  return {
    find: async (id) => {
      const { Item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: aggregateKey(shape.type, id), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : readAggregate(shape, Item);
    },
    commit: async (before, after, events) => {
      checkStep(before, after, shape.idOf);
      const puts = [putRow(table.name, shape, before, after), ...events.map((event) => putEvent(table.name, event))];
      await commit(table, puts, () => new Stale(shape.type, shape.idOf(after)));
    },
  };
}

/** Where an aggregate's row is. */
const aggregateKey = (type: AggregateType, id: string): Key => ({
  pk: keyOf([type, 20], [id, 1900]),
  sk: 'row',
});

/** The aggregate of a row, of this or an earlier version. */
export const readAggregate = <T extends { version: number }>(
  { version, upgrade }: AggregateShape<T>,
  row: Record<string, unknown>,
): T => unpack(row as unknown as Body, version, upgrade) as T;

/** The row of an aggregate; `n` is the version that the next commit must know. */
export function aggregateRow<T extends { version: number }>(
  shape: AggregateShape<T>,
  aggregate: T,
): Record<string, unknown> {
  const { list, owner, sort, due } = shape.placeOf(aggregate);
  return {
    ...aggregateKey(shape.type, shape.idOf(aggregate)),
    ...pack(shape.version, aggregate),
    n: aggregate.version,
    ...(list !== undefined && { [listIndex.partitionKey]: list }),
    ...(owner !== undefined && { [ownerIndex.partitionKey]: owner }),
    ...(sort !== undefined && { [listIndex.sortKey]: sort }),
    ...(due !== undefined && { [dueIndex.partitionKey]: due.at, [dueIndex.sortKey]: due.sort }),
  };
}

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

function putRow<T extends { version: number }>(
  TableName: string,
  shape: AggregateShape<T>,
  before: T | undefined,
  after: T,
): Write {
  const Item = aggregateRow(shape, after);
  if (before === undefined) return { Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' } };
  return {
    Put: {
      TableName,
      Item,
      ConditionExpression: '#n = :n',
      ExpressionAttributeNames: { '#n': 'n' },
      ExpressionAttributeValues: { ':n': before.version },
    },
  };
}

const putEvent = (TableName: string, event: DomainEvent): Write => ({
  Put: { TableName, Item: eventRow(event), ConditionExpression: 'attribute_not_exists(pk)' },
});

/**
 * One transaction. Its token is the same for all of our attempts, so that one whose answer was lost is not made twice,
 * and another for every commit, so that a second caller with the same content is told that it came too late.
 */
async function commit({ client, name, backoff }: Table, writes: Write[], stale: () => Stale): Promise<void> {
  const command = new TransactWriteCommand({ TransactItems: writes, ClientRequestToken: randomUUID() });
  await retrying(backoff, `committing to ${name}`, async () => {
    try {
      await client.send(command);
      return undefined;
    } catch (fault) {
      if (mayPass(fault)) return again;
      throw reasonOf(fault) === 'stale' ? stale() : fault;
    }
  });
}

const codesOf = (fault: TransactionCanceledException): string[] =>
  (fault.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');

function mayPass(fault: unknown): boolean {
  if (fault instanceof TransactionInProgressException) return true;
  if (!(fault instanceof TransactionCanceledException)) return false;
  return codesOf(fault).length > 0 && codesOf(fault).every((code) => passing.includes(code));
}

/** The first write is the aggregate's. An event that is there already under its sequence is no lateness but a fault. */
function reasonOf(fault: unknown): 'stale' | 'fault' {
  const late = fault instanceof TransactionCanceledException && codesOf(fault)[0] === 'ConditionalCheckFailed';
  return late ? 'stale' : 'fault';
}

/** Reasons that another attempt may not meet. */
const passing: readonly string[] = ['None', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
