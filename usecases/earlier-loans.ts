import type { Person } from '../core/approvals/rules.ts';
import type { Change } from '../core/changes/change.ts';
import type { Configuration } from '../core/configuration.ts';
import type { ActorId } from '../core/identity/principal.ts';
import type { Lease } from '../core/leases/lease.ts';
import type { EarlierLoan } from '../core/leases/purpose.ts';
import { isLive } from '../core/leases/step.ts';
import { usedOfLent } from '../core/leases/used.ts';
import type { LedgerItem } from '../core/usage/item.ts';
import { isPeerOf } from './peers-of.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { ChangeStore, LeaseStore } from './ports/state-stores.ts';

export interface EarlierLoansDeps {
  changes: Pick<ChangeStore, 'list'>;
  leases: Pick<LeaseStore, 'find'>;
  ledger: Pick<LedgerStore, 'itemsOfActor'>;
  configuration: Pick<Configuration, 'people'>;
}

/** How many of the newest changes are looked through, and of how many loans the use is looked up. */
const newest = 200;
const mostLookedUp = 12;

/**
 * What was lent to a person and their peers, newest first, with what of it was used. Peers are of the same team; of
 * whoever has none, everybody is.
 */
export const earlierLoans =
  (deps: EarlierLoansDeps) =>
  async (person: Person): Promise<readonly EarlierLoan[]> => {
    const lent = (await deps.changes.list(newest)).filter(
      (change) =>
        change.plan.terms.kind === 'lending' && change.lease !== null && isPeer(deps, person, change.beneficiary),
    );
    return Promise.all(lent.slice(0, mostLookedUp).map((change) => loanOf(deps, change)));
  };

function isPeer({ configuration }: EarlierLoansDeps, person: Person, other: string | null): boolean {
  if (other === person.id) return true;
  return configuration.people.some((each) => each.id === other && isPeerOf(person, each));
}

async function loanOf(deps: EarlierLoansDeps, { plan, lease: id, beneficiary, lineage }: Change): Promise<EarlierLoan> {
  const terms = plan.terms;
  if (terms.kind !== 'lending') throw new TypeError('only loans are looked up');
  const lease = await deps.leases.find(id ?? '');
  const { reason, actions, resources } = terms;
  const used =
    lease === undefined || isLive(lease) ? null : usedOfLent(lease, actions, await itemsAround(deps, lease, lineage));
  return { reason, beneficiary: beneficiary ?? '', actions, resources, used };
}

/** The ledger of everybody who could use a loan. */
export async function itemsAround(
  { ledger }: Pick<EarlierLoansDeps, 'ledger'>,
  lease: Lease,
  lineage: readonly ActorId[],
): Promise<readonly LedgerItem[]> {
  const actors = [...new Set([lease.carrier as ActorId, ...lineage])];
  return (await Promise.all(actors.map(ledger.itemsOfActor))).flat();
}
