import { dueAt } from '../../core/leases/due.ts';
import type { Lease } from '../../core/leases/lease.ts';
import type { LeaseStore } from '../../usecases/ports/state-stores.ts';
import { type AggregateShape, dynamoAggregates, readAggregate } from './aggregate-store.ts';
import type { Table } from './client.ts';
import { queryIndex } from './query.ts';
import { dueIndex, listIndex } from './table.ts';

const due = 'lease';

export const leaseShape: AggregateShape<Lease> = {
  type: 'lease',
  version: 1,
  upgrade: {},
  idOf: ({ id }) => id,
  placeOf: (lease) => {
    const at = dueAt(lease);
    return {
      list: 'lease',
      sort: `${lease.startsAt}|${lease.id}`,
      ...(at !== undefined && { due: { at: due, sort: `${at}|${lease.id}` } }),
    };
  },
};

/** Leases in DynamoDB. */
export function dynamoLeaseStore(table: Table): LeaseStore {
  const read = (rows: readonly Record<string, unknown>[]) => rows.map((row) => readAggregate(leaseShape, row));
  return {
    ...dynamoAggregates(table, leaseShape),
    // `~` sorts behind `|` and every id, so that a lease due at this very second is in.
    due: async (until, limit) => read(await queryIndex(table, dueIndex, due, { between: ['0', `${until}~`], limit })),
    list: async (limit) => read(await queryIndex(table, listIndex, 'lease', { descending: true, limit })),
  };
}
