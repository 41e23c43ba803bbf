import type { Change } from '../core/changes/change.ts';
import type { LoanHistory } from '../core/leases/difference.ts';
import { isLive } from '../core/leases/step.ts';
import { usedOfLent } from '../core/leases/used.ts';
import { dayOf } from '../core/time.ts';
import { type EarlierLoansDeps, itemsAround } from './earlier-loans.ts';

/** How many of the newest changes are looked through, and of how many loans the use is looked up. */
const newest = 200;
const mostLookedUp = 8;

type Deps = Pick<EarlierLoansDeps, 'changes' | 'leases' | 'ledger'>;

/** What whoever is to get this had of it before: loans of some of the same actions, and what became of them. */
export const loanHistory =
  (deps: Deps) =>
  async (change: Change): Promise<LoanHistory | undefined> => {
    const wanted = new Set(actionsOf(change));
    if (wanted.size === 0) return undefined;
    const alike = (await deps.changes.list(newest)).filter(
      (each) =>
        each.id !== change.id &&
        each.beneficiary === change.beneficiary &&
        actionsOf(each).some((action) => wanted.has(action)),
    );
    const lent = alike.filter(({ lease, appliedAt }) => lease !== null && appliedAt !== null);
    const uses = (await Promise.all(lent.slice(0, mostLookedUp).map((each) => usedOf(deps, each)))).filter(
      (each) => each !== null,
    );
    const used = new Set(uses.flat());
    const last = lent
      .map(({ appliedAt }) => appliedAt ?? '')
      .sort()
      .at(-1);
    return {
      lent: lent.length,
      last: last ? dayOf(last as Parameters<typeof dayOf>[0]) : null,
      denied: alike.filter(({ state }) => state === 'denied' || state === 'lapsed').length,
      used: uses.length === 0 ? null : [...wanted].filter((action) => used.has(action)).sort(),
      resources: [...new Set(lent.flatMap(resourcesOf))].sort(),
    };
  };

const actionsOf = ({ plan: { terms } }: Change): readonly string[] => (terms.kind === 'lending' ? terms.actions : []);
const resourcesOf = ({ plan: { terms } }: Change): readonly string[] =>
  terms.kind === 'lending' ? terms.resources : [];

/** null: it is not over. */
async function usedOf(deps: Deps, change: Change): Promise<readonly string[] | null> {
  const lease = await deps.leases.find(change.lease ?? '');
  if (lease === undefined || isLive(lease)) return null;
  return usedOfLent(lease, actionsOf(change), await itemsAround(deps, lease, change.lineage));
}
