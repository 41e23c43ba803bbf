/**
 * The two tables: names of keys, marks and indexes, shared by the stores here and by the stack that makes the tables.
 *
 * **Ledger** (`pk`, `sk`; nothing ever expires: an expired row would make an old use a first use again).
 *
 * | row | pk | sk |
 * |---|---|---|
 * | item | principal | `actor·kind·action·value·outcome`, each part escaped |
 * | actor directory | `#actor·ACTOR` | principal |
 * | principal directory | `#principals·SHARD` | principal |
 * | coverage | `#coverage·ACCOUNT` | day |
 * | lineage | `#lineage·CHILD` | parent principal |
 *
 * - Right-sizing asks for all items of a principal: one query, since the principal is the partition. Detection asks for
 *   all items of an actor: one query of the actor's directory, then one by principal with the actor as prefix. An index
 *   by actor would be simpler and cost a second write unit on every write of every row; the directory costs one row a
 *   pair. Both directories are written before the first item of a pair, so that a crash between leaves a name without
 *   items, never items without a name.
 * - A principal is one busy workload at most, and its cache keeps repeats away from the table, so a partition stays far
 *   below its 1,000 writes a second.
 * - `u` marks an item unscored. The index over it is sparse, holds keys only and is sharded sixteenfold by the key's
 *   hash. Its sort key is the row's own `sk`, not the revision: a marked row that is joined again costs no index write.
 * - Keys have limits (2,048 and 1,024 bytes), values that a caller chooses have not: a part beyond its share is replaced
 *   by its SHA-256, and the whole key then stands in the row (`k`).
 * - An item's body is one binary attribute, deflated: a set of 64 resource ARNs with their first uses repeats itself so
 *   much that it shrinks five- to tenfold, and DynamoDB charges by the kilobyte. Nobody can filter by an entry's fields
 *   in the table, and nobody needs to.
 * - An item stays below DynamoDB's 400 KB: at most 64 entries, each of a value of at most 2,048 bytes and at most ten
 *   first-use records of about 400 bytes (the first, and a return for each 45 days of a 400-day map). A test fills one.
 *
 * **State** (`pk`, `sk`). One aggregate is one row: `pk` = `TYPE·ID`, `sk` = `row`. Its outbox rows lie beside it, `sk` =
 * `event·SEQUENCE`, and are written in the same transaction; publishing deletes them. Lists come from one index, `byList`:
 * `l` names the list (`case`, `change·open`, `change·closed`, `lease`, `outbox`) and `t` sorts it. Two narrower ones serve
 * `byOwner` (cases of an actor, changes of a target) and `byDue` (leases that the sweeper must look at; sparse: a lease
 * leaves it when its policy is gone). What expires (`x`, the time to live) is only what has no later meaning: requests of
 * Slack that are done, and spent nonces.
 *
 * Every row carries `v`, the version of its encoding (codec.ts).
 */
export interface TableShape {
  partitionKey: string;
  sortKey: string;
  indexes: readonly IndexShape[];
}

/** A global secondary index; both keys are strings. Rows without its partition key are not in it. */
export interface IndexShape {
  name: string;
  partitionKey: string;
  sortKey: string;
  projection: 'keys-only' | 'all';
}

export const unscoredIndex = {
  name: 'unscored',
  partitionKey: 'u',
  sortKey: 'sk',
  projection: 'keys-only',
} as const satisfies IndexShape;

export const ledgerTable = {
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: [unscoredIndex],
  /** String attribute of items that wait to be scored; the stream's filter asks for it. */
  unscoredMark: unscoredIndex.partitionKey,
} as const satisfies TableShape & { unscoredMark: string };

export const listIndex = {
  name: 'byList',
  partitionKey: 'l',
  sortKey: 't',
  projection: 'all',
} as const satisfies IndexShape;

export const ownerIndex = {
  name: 'byOwner',
  partitionKey: 'o',
  sortKey: 't',
  projection: 'all',
} as const satisfies IndexShape;

export const dueIndex = {
  name: 'byDue',
  partitionKey: 'd',
  sortKey: 'dt',
  projection: 'all',
} as const satisfies IndexShape;

export const stateTable = {
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: [listIndex, ownerIndex, dueIndex],
  /** Number attribute: seconds since 1970 after which a row may go. */
  timeToLive: 'x',
  /** String attribute of outbox rows only; the stream's filter asks for it. */
  outboxMark: 'e',
} as const satisfies TableShape & { timeToLive: string; outboxMark: string };
