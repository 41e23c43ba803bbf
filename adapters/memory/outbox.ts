import { isDeepStrictEqual } from 'node:util';
import type { DomainEvent } from '../../core/audit/event.ts';
import type { Outbox } from '../../usecases/ports/state-stores.ts';
import { type Feed, memoryFeed } from './feed.ts';
import { keep } from './freeze.ts';

export interface MemoryOutbox extends Outbox {
  /** What the table's stream delivers: events just committed. */
  committed: Feed<DomainEvent>;
  /** Called by the stores that share the outbox: takes the events and writes the row they belong to, or neither. */
  append(events: readonly DomainEvent[], write: () => void): void;
}

/** Committed events until they are published, oldest first. */
export function memoryOutbox(): MemoryOutbox {
  const rows = new Map<string, DomainEvent>();
  const committed = memoryFeed<DomainEvent>();
  return {
    committed,
    append(events, write) {
      for (const event of events) {
        const there = rows.get(placeOf(event));
        if (there !== undefined && !isDeepStrictEqual(there, event))
          throw new Error(`the outbox holds another event at ${placeOf(event)}`);
      }
      for (const event of events) rows.set(placeOf(event), keep(event));
      write();
      for (const event of events) committed.emit(rows.get(placeOf(event))!);
    },
    pending: async (limit) => [...rows.values()].sort(byTime).slice(0, limit),
    published: async (event) => {
      rows.delete(placeOf(event));
    },
  };
}

/** Where an event stands in the audit: `TYPE/ID/SEQUENCE`. */
export const placeOf = ({ aggregate, sequence }: DomainEvent): string =>
  `${aggregate.type}/${aggregate.id}/${sequence}`;

/** Oldest first; a chain keeps its order within one second. */
function byTime(a: DomainEvent, b: DomainEvent): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  const [left, right] = [`${a.aggregate.type}/${a.aggregate.id}`, `${b.aggregate.type}/${b.aggregate.id}`];
  return left === right ? a.sequence - b.sequence : left < right ? -1 : 1;
}
