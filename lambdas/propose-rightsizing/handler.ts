import { dayNumber, dayOf } from '../../core/time.ts';
import {
  mostANight,
  type Proposals,
  type ProposeRightsizingDeps,
  proposeRightsizing,
} from '../../usecases/propose-rightsizing.ts';

export interface Deps extends ProposeRightsizingDeps {
  accounts: readonly string[];
  /** Tells what came of an account. */
  report(proposals: Proposals): void;
  /** An account that has no inventory yet, or whose judging failed. */
  failed(account: string, fault: unknown): void;
}

/**
 * Called by the clock after the inventory. What a night may propose is shared by all accounts, and each night another one
 * comes first, so that none waits for another's backlog. One account's fault does not hold up the others, and fails the
 * run at its end.
 */
export const proposeRightsizingHandler = (deps: Deps) => async (): Promise<{ proposed: number }> => {
  const propose = proposeRightsizing(deps);
  let proposed = 0;
  let failures = 0;
  for (const account of fromAnother(deps.accounts, dayNumber(dayOf(deps.now())))) {
    try {
      const proposals = await propose(account, mostANight - proposed);
      if (proposals === undefined) throw new Error(`no inventory of ${account} was taken yet`);
      deps.report(proposals);
      proposed += proposals.proposed.length;
    } catch (fault) {
      failures += 1;
      deps.failed(account, fault);
    }
  }
  if (failures > 0) throw new Error(`${failures} of ${deps.accounts.length} accounts could not be judged`);
  return { proposed };
};

function fromAnother(accounts: readonly string[], night: number): readonly string[] {
  const start = night % Math.max(1, accounts.length);
  return [...accounts.slice(start), ...accounts.slice(0, start)];
}
