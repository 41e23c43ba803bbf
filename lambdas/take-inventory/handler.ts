import { type TakeInventoryDeps, type TakenInventory, takeInventory } from '../../usecases/take-inventory.ts';

export interface Deps extends TakeInventoryDeps {
  accounts: readonly string[];
  /** Tells what was not read of an account. */
  report(taken: TakenInventory): void;
}

/** Called by the clock. Fails when an account could not be read at all, after all the others were. */
export const takeInventoryHandler = (deps: Deps) => async (): Promise<{ accounts: number; principals: number }> => {
  const taken = await takeInventory(deps)(deps.accounts);
  for (const each of taken) if (each.fault !== undefined || each.problems.length > 0) deps.report(each);
  const failed = taken.filter(({ fault }) => fault !== undefined).map(({ account }) => account);
  if (failed.length > 0) throw new Error(`the identities of ${failed.join(', ')} could not be read`);
  return { accounts: taken.length, principals: taken.reduce((sum, { principals }) => sum + principals, 0) };
};
