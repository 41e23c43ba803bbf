import type { Change } from '../core/changes/change.ts';
import type { ActorId } from '../core/identity/principal.ts';
import type { Lease } from '../core/leases/lease.ts';
import { isLive } from '../core/leases/step.ts';
import { usedOfLent, usedUnderSet } from '../core/leases/used.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { SlackViews } from './ports/slack-views.ts';
import type { ChangeStore, LeaseStore } from './ports/state-stores.ts';
import { endingKey, tellEnding } from './remind-leases.ts';
import { type Deps as MessageDeps, showMessage } from './show-message.ts';

export interface Deps extends MessageDeps {
  leases: Pick<LeaseStore, 'find' | 'due'>;
  changes: Pick<ChangeStore, 'find'>;
  ledger: Pick<LedgerStore, 'itemsOfActor'>;
  views: Pick<SlackViews, 'lease' | 'leaseEnding'>;
}

/** Shows a lease as it is stored now: active, being taken back, or its receipt. */
export const showLease =
  (deps: Deps) =>
  async (id: string): Promise<void> => {
    await showMessage(deps)(`lease/${id}`, async () => {
      const lease = await deps.leases.find(id);
      if (lease === undefined) return undefined;
      const change = (await deps.changes.find(lease.change)) ?? null;
      return deps.views.lease({ lease, change, used: await usedOf(deps, lease, change) });
    });
    if ((await deps.messages.find(endingKey(id))) !== undefined) await tellEnding(deps, id);
  };

/** The receipt is made once it is over: what the trail told of by then. */
async function usedOf({ ledger }: Deps, lease: Lease, change: Change | null): Promise<readonly string[] | null> {
  if (isLive(lease) || change?.plan.terms.kind !== 'lending') return null;
  const items = (
    await Promise.all([...new Set([lease.carrier as ActorId, ...change.lineage])].map(ledger.itemsOfActor))
  ).flat();
  const { actions, permissionSet } = change.plan.terms;
  return permissionSet ? usedUnderSet(lease, items) : usedOfLent(lease, actions, items);
}
