import type { DomainEvent } from '../../core/audit/event.ts';
import { type AggregateStore, checkStep, Stale } from '../../usecases/ports/aggregate-store.ts';
import { keep } from './freeze.ts';
import type { MemoryOutbox } from './outbox.ts';

export interface MemoryAggregates<T extends { version: number }> {
  store: AggregateStore<T>;
  /** Every aggregate, for the queries of a store. */
  all(): T[];
}

/** Rows of one type beside the outbox that they share: both are written in one synchronous step, or neither. */
export function memoryAggregates<T extends { version: number }>(
  type: string,
  idOf: (aggregate: T) => string,
  outbox: MemoryOutbox,
): MemoryAggregates<T> {
  const rows = new Map<string, T>();
  const commit = async (before: T | undefined, after: T, events: readonly DomainEvent[]) => {
    const id = idOf(after);
    checkStep(before, after, idOf);
    if (rows.get(id)?.version !== before?.version) throw new Stale(type, id);
    outbox.append(events, () => rows.set(id, keep(after)));
  };
  return { store: { find: async (id) => rows.get(id), commit }, all: () => [...rows.values()] };
}
