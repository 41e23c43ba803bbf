import { inventoryScan } from '../../adapters/aws/authorization-details.ts';
import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { bucket, configuration, memberIam, now } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { takeInventoryHandler } from './handler.ts';

export const handler = entry(env, (environment, { logger }) =>
  takeInventoryHandler({
    accounts: configuration().accounts.map(({ id }) => id),
    scan: inventoryScan(memberIam(environment.MEMBER_ROLE)).scan,
    inventories: inventoryStore(bucket(environment.INVENTORY_BUCKET)),
    report: ({ account, problems, fault }) =>
      logger.warn('not everything was read', { account, problems, fault: String(fault) }),
    now,
  }),
);
