import type { InventoryProblem } from '../core/identity/authorization-details.ts';
import type { Instant } from '../core/time.ts';
import type { InventoryScan } from './ports/inventory-scan.ts';
import type { InventoryStore } from './ports/inventory-store.ts';

export interface TakeInventoryDeps {
  scan: InventoryScan['scan'];
  inventories: Pick<InventoryStore, 'write'>;
  now(): Instant;
}

/** What came of one account; `fault` is what went wrong: then its earlier snapshot stays. */
export interface TakenInventory {
  account: string;
  principals: number;
  problems: readonly InventoryProblem[];
  fault?: unknown;
}

/**
 * Reads every identity of each account and keeps a snapshot. One account's fault does not hold up the others, and never
 * replaces a snapshot by half of one.
 */
export const takeInventory =
  (deps: TakeInventoryDeps) =>
  async (accounts: readonly string[]): Promise<readonly TakenInventory[]> => {
    const taken: TakenInventory[] = [];
    for (const account of accounts) taken.push(await takeOne(deps, account));
    return taken;
  };

async function takeOne({ scan, inventories, now }: TakeInventoryDeps, account: string): Promise<TakenInventory> {
  try {
    const { inventory, problems } = await scan(account, now());
    await inventories.write(inventory);
    return { account, principals: inventory.principals.length, problems };
  } catch (fault) {
    return { account, principals: 0, problems: [], fault };
  }
}
