import type { Inventory } from '../../core/identity/inventory.ts';

/** Versioned snapshots; the newest one of each account is what counts. */
export interface InventoryStore {
  read(account: string): Promise<Inventory | undefined>;
  write(inventory: Inventory): Promise<void>;
  accounts(): Promise<readonly string[]>;
}
