import type { InventoryProblem } from '../../core/identity/authorization-details.ts';
import type { Inventory } from '../../core/identity/inventory.ts';
import type { Instant } from '../../core/time.ts';

/** Reads every identity of an account from the live account. A fault is thrown: half an inventory is none. */
export interface InventoryScan {
  scan(account: string, takenAt: Instant): Promise<{ inventory: Inventory; problems: readonly InventoryProblem[] }>;
}
