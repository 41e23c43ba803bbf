import { inventoryScan } from '../../adapters/aws/authorization-details.ts';
import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { bucket, failed, memberIam, now } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { refreshInventoryHandler } from './handler.ts';

export const handler = entry(env, (environment, { logger }) =>
  refreshInventoryHandler({
    scan: inventoryScan(memberIam(environment.MEMBER_ROLE)).scan,
    inventories: inventoryStore(bucket(environment.INVENTORY_BUCKET)),
    failed: failed({ logger }),
    now,
  }),
);
