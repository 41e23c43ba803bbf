import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { bucket, configuration, failed, ledgerStore, now, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { proposeRightsizingHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const settings = configuration();
  return proposeRightsizingHandler({
    ...stateStores(environment.STATE_TABLE),
    ledger: ledgerStore(environment.LEDGER_TABLE),
    inventories: inventoryStore(bucket(environment.INVENTORY_BUCKET)),
    configuration: settings,
    accounts: settings.accounts.map(({ id }) => id),
    report: ({ account, judged, proposed, known, postponed }) =>
      tools.logger.info('judged', {
        account,
        judged: judged.length,
        proposed: proposed.length,
        known,
        postponed: postponed.length,
        next: postponed.slice(0, 100),
      }),
    failed: failed(tools),
    now,
  });
});
