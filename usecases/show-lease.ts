import type { SlackViews } from './ports/slack-views.ts';
import type { ChangeStore, LeaseStore } from './ports/state-stores.ts';
import { type Deps as MessageDeps, showMessage } from './show-message.ts';

export interface Deps extends MessageDeps {
  leases: Pick<LeaseStore, 'find'>;
  changes: Pick<ChangeStore, 'find'>;
  views: Pick<SlackViews, 'lease'>;
}

/** Shows a lease as it is stored now: active, being taken back, or its receipt. */
export const showLease =
  (deps: Deps) =>
  (id: string): Promise<void> =>
    showMessage(deps)(`lease/${id}`, async () => {
      const lease = await deps.leases.find(id);
      if (lease === undefined) return undefined;
      return deps.views.lease({ lease, change: (await deps.changes.find(lease.change)) ?? null });
    });
