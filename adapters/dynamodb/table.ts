/**
 * The two tables: names of keys, marks and indexes, shared by the stores here and by the stack that makes the tables.
 *
 * **Ledger** (`pk`, `sk`; nothing ever expires: an expired row would make an old use a first use again).
 *
 * | row | pk | sk |
 * |---|---|---|
 * | item | principal | `actor|kind|action|value|outcome`, each part escaped |
 * | directory | `#directory|SHARD`, by hash of the actor | `actor|principal` |
 * | coverage | `#coverage|ACCOUNT` | day, or `day|region` where digests prove it |
 * | lineage | `#lineage|CHILD` | parent principal |
 *
 * - Right-sizing asks for all items of a principal: one query, since the principal is the partition. Detection asks for
 *   all items of an actor: one query of the directory, then one by principal with the actor as prefix. An index by actor would
 *   be simpler and cost a second write unit on every write of every row; the directory costs one row a pair. It is
 *   written before the first item of its pair, so that a crash between leaves a name without items, never items without
 *   a name.
 * - A principal is one busy workload at most, and what is known to be stored is not written again, so a partition stays
 *   far below its 1,000 writes a second.
 * - Items that are not remembered are read in batches before they are written. Inserting first would save that read for
 *   new rows, but a condition that fails is billed like a write, five times a read, and nearly all items of a running
 *   system exist. Races show in the condition on the revision `r`, which gives back the row that won.
 * - `u` marks an item unscored. The index over it is sparse, holds keys only and is sharded sixteenfold by the key's
 *   hash. Its sort key is the row's own `sk`, not the revision: a marked row that is joined again costs no index write.
 * - Keys have limits (2,048 and 1,024 bytes), values that a caller chooses have not: a part beyond its share is replaced
 *   by its SHA-256. The whole key stands in the body.
 * - The body is one attribute: JSON where it is short, deflated where it is not, since a set of 64 resources with their
 *   first uses repeats itself and DynamoDB charges by the kilobyte. Nobody can filter by an entry's fields in the table,
 *   and nobody needs to.
 * - An item stays below DynamoDB's 400 KB: at most 64 entries, each of one value of at most 2,048 bytes (an ARN), at most
 *   nine uses (the first, and one return for each 45 of the 355 days that returns are kept), whose texts CloudTrail and
 *   IAM bound to about 500 bytes together, and a map of 50 bytes. A test fills one with noise.
 *
 * **State** (`pk`, `sk`). One aggregate is one row: `pk` = `TYPE|ID`, `sk` = `row`. Its outbox rows lie beside it, `sk` =
 * `event|SEQUENCE`, and are written in the same transaction; publishing deletes them. Three sparse indexes hold keys
 * only, so that a new version of an aggregate costs no index write where it stays in its place, and what is listed is
 * read consistently from the table: `byList` (`l` names the list: `case`, `change|open`, `change|closed`, `lease`,
 * `outbox`; `t` sorts it), `byOwner` (cases of an actor, changes of a target) and `byDue` (leases that the sweeper must
 * look at; one leaves it when its policy is gone). What expires (`x`, the time to live) is only what has no later
 * meaning: requests of Slack that are done, and nonces long after their button.
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
  projection: 'keys-only',
} as const satisfies IndexShape;

export const ownerIndex = {
  name: 'byOwner',
  partitionKey: 'o',
  sortKey: 't',
  projection: 'keys-only',
} as const satisfies IndexShape;

export const dueIndex = {
  name: 'byDue',
  partitionKey: 'd',
  sortKey: 'dt',
  projection: 'keys-only',
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
