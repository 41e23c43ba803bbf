import type { Inventory } from '../core/identity/inventory.ts';
import type { InventoryStore } from './ports/inventory-store.ts';

/** The newest inventories of these accounts, as far as there are any. */
export async function readInventories(
  { inventories }: { inventories: Pick<InventoryStore, 'read'> },
  accounts: readonly string[],
): Promise<readonly Inventory[]> {
  const read = await Promise.all(accounts.map((account) => inventories.read(account)));
  return read.filter((each) => each !== undefined);
}
