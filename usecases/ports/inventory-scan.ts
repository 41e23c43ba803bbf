import type { Inventory } from '../../core/identity/inventory.ts';
import type { Instant } from '../../core/time.ts';

/** What could not be read of one entity; everything else of the account was. */
export interface InventoryProblem {
  /** ARN or name of the user, role, group or policy. */
  entity: string;
  detail: string;
}

/** Reads every identity of an account from the live account. A fault is thrown: half an inventory is none. */
export interface InventoryScan {
  scan(account: string, takenAt: Instant): Promise<{ inventory: Inventory; problems: readonly InventoryProblem[] }>;
}
