import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { organizationStore } from '../../adapters/aws/organization-store.ts';
import { bucket, failed, ledgerStore, now, people, slots, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { verifyLeasesHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const state = stateStores(environment.STATE_TABLE);
  return verifyLeasesHandler({
    ...state,
    people: people(state),
    ledger: ledgerStore(environment.LEDGER_TABLE),
    organizations: organizationStore(bucket(environment.INVENTORY_BUCKET)),
    inventories: inventoryStore(bucket(environment.INVENTORY_BUCKET)),
    iam: slots(environment.MEMBER_ROLE, environment.MEMBER_ROLE),
    held: (leases) => tools.measure('LeasesHeld', leases, 'Count'),
    failed: failed(tools),
    now,
  });
});
