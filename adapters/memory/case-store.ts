import type { Case } from '../../core/anomaly/case.ts';
import type { CaseStore } from '../../usecases/ports/state-stores.ts';
import { memoryAggregates } from './aggregate-store.ts';
import { newestFirst } from './order.ts';
import type { MemoryOutbox } from './outbox.ts';

const newest = newestFirst<Case>((row) => row.openedAt);

/** Cases in memory. */
export function memoryCaseStore(outbox: MemoryOutbox): CaseStore {
  const { store, all } = memoryAggregates<Case>('case', (row) => row.id, outbox);
  return {
    ...store,
    ofActor: async (actor) => newest(all().filter((row) => row.actor === actor)),
    list: async (limit) => newest(all()).slice(0, limit),
  };
}
