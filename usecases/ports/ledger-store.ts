import type { AccountId, ActorId, PrincipalId } from '../../core/identity/principal.ts';
import type { Day } from '../../core/time.ts';
import type { Coverage } from '../../core/usage/coverage.ts';
import type { ItemKey, LedgerItem } from '../../core/usage/item.ts';
import type { LineageChild, LineageEdge } from '../../core/usage/lineage.ts';

/** A stored item with the revision that the mark protects. */
export interface StoredItem {
  item: LedgerItem;
  revision: number;
}

/** An item that holds something not yet scored. */
export interface Unscored {
  key: ItemKey;
  revision: number;
}

/** The join-semilattice, stored. Every method may be called again after a fault with the same effect. */
export interface LedgerStore {
  /**
   * Joins each item into what is stored and resolves to what is stored now, in the order given. Where the join brought
   * something to score (core/usage/marks.ts), the item is marked unscored in the same write.
   */
  join(items: readonly LedgerItem[]): Promise<readonly StoredItem[]>;
  itemsOfPrincipal(principal: PrincipalId): Promise<readonly LedgerItem[]>;
  /** Over all principals the actor ever used. */
  itemsOfActor(actor: ActorId): Promise<readonly LedgerItem[]>;
  principals(): Promise<readonly PrincipalId[]>;
  unscored(limit: number): Promise<readonly Unscored[]>;
  /** Removes the mark if the item still has that revision; otherwise leaves it (something newer waits). */
  unmark(unscored: Unscored): Promise<void>;
  joinCoverage(coverage: readonly Coverage[]): Promise<void>;
  coverage(account: AccountId, from: Day, to: Day): Promise<readonly Coverage[]>;
  joinLineage(edges: readonly LineageEdge[]): Promise<void>;
  /** Direct parents of a role principal or an access key, latest first, at most 64. */
  parentsOf(child: LineageChild): Promise<readonly LineageEdge[]>;
}
