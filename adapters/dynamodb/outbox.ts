import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { DomainEvent } from '../../core/audit/event.ts';
import type { Outbox } from '../../usecases/ports/state-stores.ts';
import type { Table } from './client.ts';
import { type Body, pack, type Upgrade, unpack } from './codec.ts';
import { type Key, keyOf } from './keys.ts';
import { queryIndex } from './query.ts';
import { listIndex, stateTable } from './table.ts';

const version = 1;
const upgrade: Upgrade = {};
const list = 'outbox';
const padded = (sequence: number) => String(sequence).padStart(12, '0');

/** Beside the row of its aggregate. */
const eventKey = ({ aggregate: { type, id }, sequence }: DomainEvent): Key => ({
  pk: keyOf([type, 20], [id, 1900]),
  sk: `event|${padded(sequence)}`,
});

/** The row that the transaction of a commit writes and that the stream delivers. */
export function eventRow(event: DomainEvent): Record<string, unknown> {
  const { pk, sk } = eventKey(event);
  return {
    pk,
    sk,
    ...pack(version, event),
    [stateTable.outboxMark]: event.type,
    [listIndex.partitionKey]: list,
    [listIndex.sortKey]: `${event.at}|${keyOf([pk, 900])}|${padded(event.sequence)}`,
  };
}

/** The event of an outbox row, of this or an earlier version. */
export const readEvent = (row: Record<string, unknown>): DomainEvent =>
  unpack(row as unknown as Body, version, upgrade) as DomainEvent;

/** What was committed and not published. Publishing deletes the row: from then on the archive holds the event. */
export function dynamoOutbox(table: Table): Outbox {
  return {
    pending: async (limit) => (limit <= 0 ? [] : (await queryIndex(table, listIndex, list, { limit })).map(readEvent)),
    published: async (event) => {
      const { pk, sk } = eventKey(event);
      await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk } }));
    },
  };
}
