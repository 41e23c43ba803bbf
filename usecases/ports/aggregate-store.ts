import type { DomainEvent } from '../../core/audit/event.ts';

/** Thrown when the stored aggregate is no longer at the version that the caller read. Read again and decide again. */
export class Stale extends Error {
  constructor(type: string, id: string) {
    super(`${type} ${id} was changed by somebody else meanwhile`);
    this.name = 'Stale';
  }
}

/**
 * One row is the truth. `commit` writes the aggregate and its events (the outbox) in one transaction.
 * `after.version` is `before.version + 1`, or 1 where `before` is undefined.
 */
export interface AggregateStore<T extends { version: number }> {
  find(id: string): Promise<T | undefined>;
  /** Throws Stale when the stored version differs from `before`'s (or one exists where `before` is undefined). */
  commit(before: T | undefined, after: T, events: readonly DomainEvent[]): Promise<void>;
}
