import { iamSlots } from '../../adapters/aws/iam-slots.ts';
import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { bucket, failed, ledgerStore, memberIam, now, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { verifyLeasesHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) =>
  verifyLeasesHandler({
    ...stateStores(environment.STATE_TABLE),
    ledger: ledgerStore(environment.LEDGER_TABLE),
    inventories: inventoryStore(bucket(environment.INVENTORY_BUCKET)),
    iam: iamSlots(memberIam(environment.MEMBER_ROLE)),
    held: (leases) => tools.measure('LeasesHeld', leases, 'Count'),
    failed: failed(tools),
    now,
  }),
);
