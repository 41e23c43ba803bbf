import type { Inventory } from '../../core/identity/inventory.ts';
import { encodeSnapshot } from '../../core/identity/snapshot.ts';
import type { InventoryStore } from '../../usecases/ports/inventory-store.ts';
import { keep } from './freeze.ts';

/** The newest snapshot of each account, in memory. */
export function memoryInventoryStore(): InventoryStore {
  const newest = new Map<string, Inventory>();
  return {
    read: async (account) => newest.get(account),
    write: async (inventory) => {
      const there = newest.get(inventory.account);
      // A slow scan must not replace what a faster one saw later.
      if (there === undefined || there.takenAt <= inventory.takenAt) newest.set(inventory.account, keep(inventory));
    },
    replace: async (before, after) => {
      const there = newest.get(before.account);
      const isSame = there === before || (there !== undefined && encodeSnapshot(there) === encodeSnapshot(before));
      if (!isSame) return false;
      newest.set(after.account, keep(after));
      return true;
    },
    accounts: async () => [...newest.keys()].sort(),
  };
}
