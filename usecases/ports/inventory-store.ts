import type { Inventory } from '../../core/identity/inventory.ts';

/** Versioned snapshots; the newest one of each account is what counts. */
export interface InventoryStore {
  read(account: string): Promise<Inventory | undefined>;
  write(inventory: Inventory): Promise<void>;
  /** Puts `after` in the place of `before`; false, and nothing is written, where that is no longer the newest. */
  replace(before: Inventory, after: Inventory): Promise<boolean>;
  accounts(): Promise<readonly string[]>;
}
