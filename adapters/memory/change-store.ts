import type { Change } from '../../core/changes/change.ts';
import { isTerminal } from '../../core/changes/terminal.ts';
import type { ChangeStore } from '../../usecases/ports/state-stores.ts';
import { memoryAggregates } from './aggregate-store.ts';
import { newestFirst } from './order.ts';
import type { MemoryOutbox } from './outbox.ts';

const newest = newestFirst<Change>((row) => row.plannedAt);
/** Changes in memory. */
export function memoryChangeStore(outbox: MemoryOutbox): ChangeStore {
  const { store, all } = memoryAggregates<Change>('change', (row) => row.id, outbox);
  return {
    ...store,
    list: async (limit) => {
      const open = newest(all().filter((row) => !isTerminal(row))).slice(0, limit);
      const closed = newest(all().filter(isTerminal)).slice(0, limit - open.length);
      return newest([...open, ...closed]);
    },
    ofTarget: async (target) => newest(all().filter((row) => row.plan.target === target)),
  };
}
