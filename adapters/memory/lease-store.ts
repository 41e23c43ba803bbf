import { dueAt, isSettling } from '../../core/leases/due.ts';
import type { Lease } from '../../core/leases/lease.ts';
import type { LeaseStore } from '../../usecases/ports/state-stores.ts';
import { memoryAggregates } from './aggregate-store.ts';
import { newestFirst } from './order.ts';
import type { MemoryOutbox } from './outbox.ts';

const newest = newestFirst<Lease>((row) => row.startsAt);

/** Leases in memory. */
export function memoryLeaseStore(outbox: MemoryOutbox): LeaseStore {
  const { store, all } = memoryAggregates<Lease>('lease', (row) => row.id, outbox);
  return {
    ...store,
    due: async (until, limit) =>
      all()
        .map((lease) => ({ lease, at: dueAt(lease) }))
        .filter(({ at }) => at !== undefined && at <= until)
        .sort((a, b) => (`${a.at} ${a.lease.id}` < `${b.at} ${b.lease.id}` ? -1 : 1))
        .slice(0, limit)
        .map(({ lease }) => lease),
    settling: async (limit) =>
      all()
        .filter(isSettling)
        .sort((a, b) => (`${a.revokedAt} ${a.id}` < `${b.revokedAt} ${b.id}` ? -1 : 1))
        .slice(0, limit),
    list: async (limit) => newest(all()).slice(0, limit),
  };
}
