import { dueAt, isSettling } from '../../core/leases/due.ts';
import { type Lease, upgradeLease } from '../../core/leases/lease.ts';
import type { LeaseStore } from '../../usecases/ports/state-stores.ts';
import { type AggregateShape, dynamoAggregates, readAggregate } from './aggregate-store.ts';
import type { Table } from './client.ts';
import { queryIndex } from './query.ts';
import { dueIndex, listIndex } from './table.ts';

const due = 'lease';
/** In the same index, a partition of its own: what is gone must not stand before what is due. */
const settling = 'lease-settling';

export const leaseShape: AggregateShape<Lease> = {
  type: 'lease',
  version: 2,
  upgrade: { 1: upgradeLease },
  idOf: ({ id }) => id,
  placeOf: (lease) => {
    const at = dueAt(lease);
    return {
      list: 'lease',
      sort: `${lease.startsAt}|${lease.id}`,
      ...(at !== undefined && { due: { at: due, sort: `${at}|${lease.id}` } }),
      ...(isSettling(lease) && { due: { at: settling, sort: `${lease.revokedAt}|${lease.id}` } }),
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
    settling: async (limit) => read(await queryIndex(table, dueIndex, settling, { limit })),
    list: async (limit) => read(await queryIndex(table, listIndex, 'lease', { descending: true, limit })),
  };
}
