import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { bucket, configuration, failed, ledgerStore, now, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { watchTrialsHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) =>
  watchTrialsHandler({
    ...stateStores(environment.STATE_TABLE),
    ledger: ledgerStore(environment.LEDGER_TABLE),
    inventories: inventoryStore(bucket(environment.INVENTORY_BUCKET)),
    configuration: configuration(),
    failed: (change, fault) => failed(tools)(`trial ${change}`, fault),
    now,
  }),
);
