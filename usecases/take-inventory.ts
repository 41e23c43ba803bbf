import type { InventoryProblem } from '../core/identity/authorization-details.ts';
import type { Inventory } from '../core/identity/inventory.ts';
import { identities, isTried, type PartRead, withIdentities, withParts } from '../core/identity/inventory-parts.ts';
import type { Instant } from '../core/time.ts';
import { type InventoryScan, ReadingDenied, type ResourceScan } from './ports/inventory-scan.ts';
import type { InventoryStore } from './ports/inventory-store.ts';

export interface TakeInventoryDeps {
  scan: InventoryScan['scan'];
  /** Absent: identities only. */
  resources?: ResourceScan;
  inventories: Pick<InventoryStore, 'read' | 'write' | 'replace'>;
  now(): Instant;
  /** Whether another part may be begun; absent: always. */
  hasTime?(): boolean;
}

/** What came of one account. */
export interface TakenInventory {
  account: string;
  principals: number;
  problems: readonly InventoryProblem[];
  /** Parts that the account lets nobody read: what was known of them stays, with its age. */
  denied: readonly { part: string; detail: string }[];
  /** Time was up: what is left is read by another run since the same time. */
  isUnfinished: boolean;
  /** What went wrong; what had been read by then is kept. */
  fault?: unknown;
}

/** Takes several accounts one after the other; one's fault does not hold up the others. */
export const takeInventory =
  (deps: TakeInventoryDeps) =>
  async (accounts: readonly string[]): Promise<readonly TakenInventory[]> => {
    const since = deps.now();
    const taken: TakenInventory[] = [];
    for (const account of accounts) taken.push(await takeAccount(deps)(account, since));
    return taken;
  };

/**
 * Reads every identity of the account and what its resources say, and keeps a snapshot. Nothing that was known is lost:
 * what cannot be read stays as it was, with its age and the reason. What was read since then already is not read again,
 * so that a run that broke off goes on where it was.
 */
export const takeAccount =
  (deps: TakeInventoryDeps) =>
  async (account: string, since: Instant): Promise<TakenInventory> => {
    const run = new AccountRun(deps, account, since);
    try {
      await run.takeIdentities();
      await run.takeResources();
    } catch (fault) {
      return run.taken(fault);
    }
    return run.taken();
  };

const tries = 5;

class AccountRun {
  private readonly deps: TakeInventoryDeps;
  private readonly account: string;
  private readonly since: Instant;
  private readonly problems: InventoryProblem[] = [];
  private readonly denied: { part: string; detail: string }[] = [];
  private principals = 0;
  private isUnfinished = false;

  constructor(deps: TakeInventoryDeps, account: string, since: Instant) {
    this.deps = deps;
    this.account = account;
    this.since = since;
  }

  taken(fault?: unknown): TakenInventory {
    const { account, principals, problems, denied, isUnfinished } = this;
    return { account, principals, problems, denied, isUnfinished, ...(fault === undefined ? {} : { fault }) };
  }

  async takeIdentities(): Promise<void> {
    const { inventories, scan, now } = this.deps;
    const before = await inventories.read(this.account);
    this.principals = before?.principals.length ?? 0;
    if (before && isTried(before, identities, this.since)) return;
    try {
      const { inventory, problems } = await scan(this.account, now());
      this.problems.push(...problems);
      this.principals = inventory.principals.length;
      await this.keepIdentities(inventory);
    } catch (fault) {
      await this.keep([this.deniedOf(identities, fault)]);
    }
  }

  async takeResources(): Promise<void> {
    const { resources, inventories, now, hasTime = () => true } = this.deps;
    const before = await inventories.read(this.account);
    // Of an account whose identities were never read there is no snapshot to keep anything in.
    if (resources === undefined || before === undefined) return;
    const reads: PartRead[] = [];
    const faults: unknown[] = [];
    for (const part of resources.parts.filter((each) => !isTried(before, each, this.since))) {
      if (!hasTime()) {
        this.isUnfinished = true;
        break;
      }
      try {
        const read = await resources.read(this.account, part);
        this.problems.push(...read.problems);
        reads.push({ part, at: now(), resources: read.resources });
      } catch (fault) {
        if (fault instanceof ReadingDenied) reads.push(this.deniedOf(part, fault));
        else faults.push(fault);
      }
    }
    if (reads.length > 0) await this.keep(reads);
    if (faults.length > 0) throw faults[0];
  }

  /** Throws what is no denial. */
  private deniedOf(part: string, fault: unknown): PartRead {
    if (!(fault instanceof ReadingDenied)) throw fault;
    this.denied.push({ part, detail: fault.message });
    return { part, at: this.deps.now(), denied: fault.message };
  }

  /** A scan that others overtook is given up for what they saw later. */
  private async keepIdentities(taken: Inventory): Promise<void> {
    const { inventories } = this.deps;
    for (let time = 0; time < tries; time += 1) {
      const before = await inventories.read(this.account);
      if (before === undefined) return inventories.write(withIdentities({}, taken));
      if (before.takenAt > taken.takenAt || (await inventories.replace(before, withIdentities(before, taken)))) return;
    }
    throw new Error(`the inventory of ${this.account} changed ${tries} times while it was taken`);
  }

  /** Into whatever stands there by now. */
  private async keep(reads: readonly PartRead[]): Promise<void> {
    const { inventories } = this.deps;
    for (let time = 0; time < tries; time += 1) {
      const before = await inventories.read(this.account);
      if (before === undefined || (await inventories.replace(before, withParts(before, reads)))) return;
    }
    throw new Error(`the inventory of ${this.account} changed ${tries} times while it was taken`);
  }
}
