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

/** What every store asks of a commit before it looks: a caller that skips a version or an id is wrong, not late. */
export function checkStep<T extends { version: number }>(
  before: T | undefined,
  after: T,
  idOf: (aggregate: T) => string,
): void {
  if (after.version !== (before?.version ?? 0) + 1)
    throw new Error(`version ${after.version} does not follow ${before?.version ?? 'nothing'}`);
  if (before !== undefined && idOf(before) !== idOf(after)) throw new Error(`${idOf(before)} became ${idOf(after)}`);
}
