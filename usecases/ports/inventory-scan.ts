import type { InventoryProblem } from '../../core/identity/authorization-details.ts';
import type { Inventory } from '../../core/identity/inventory.ts';
import type { ResourcePolicy } from '../../core/identity/resource-policy.ts';
import type { Instant } from '../../core/time.ts';

/** AWS said that one may not read this: trying again changes nothing. */
export class ReadingDenied extends Error {
  override readonly name = 'ReadingDenied';
}

/** Time was up in the middle of reading; what was answered so far is kept for the next run. */
export class ReadingBrokenOff extends Error {
  override readonly name = 'ReadingBrokenOff';
}

/**
 * Reads every identity of an account from the live account. A fault is thrown, since half an inventory is none: a
 * ReadingDenied where the account lets nobody in.
 */
export interface InventoryScan {
  scan(account: string, takenAt: Instant): Promise<{ inventory: Inventory; problems: readonly InventoryProblem[] }>;
}

/** Reads what the resources of an account say for themselves, part by part. Faults as above. */
export interface ResourceScan {
  /** Every part that there is to read of an account, as `partOf` names them. */
  parts: readonly string[];
  read(
    account: string,
    part: string,
  ): Promise<{ resources: readonly ResourcePolicy[]; problems: readonly InventoryProblem[] }>;
}
