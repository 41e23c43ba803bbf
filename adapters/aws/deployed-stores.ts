import { S3Client } from '@aws-sdk/client-s3';
import { offlineKey, rankBy } from '../../core/usage/bounded.ts';
import type { InventoryStore } from '../../usecases/ports/inventory-store.ts';
import type { LedgerStore } from '../../usecases/ports/ledger-store.ts';
import { documentClient, realBackoff } from '../dynamodb/client.ts';
import { dynamoLedgerStore } from '../dynamodb/ledger-store.ts';
import { type Asking, environmentOf } from './deployment.ts';
import { inventoryStore } from './inventory-store.ts';

interface DeployedStores {
  ledger: Pick<LedgerStore, 'coverage' | 'itemsOfPrincipal'>;
  inventories: Pick<InventoryStore, 'read'>;
}

/** A deployment's own table and bucket, to be read: named by a function's environment, which is asked when first needed. */
export function deployedStores(asking: Asking): DeployedStores {
  let found: Promise<DeployedStores> | undefined;
  const stores = () => {
    found ??= open(asking);
    return found;
  };
  return {
    ledger: {
      coverage: async (...asked) => (await stores()).ledger.coverage(...asked),
      itemsOfPrincipal: async (...asked) => (await stores()).ledger.itemsOfPrincipal(...asked),
    },
    inventories: { read: async (...asked) => (await stores()).inventories.read(...asked) },
  };
}

async function open(asking: Asking): Promise<DeployedStores> {
  const { LEDGER_TABLE, INVENTORY_BUCKET } = await environmentOf(asking, 'leastwise-propose-rightsizing');
  if (!LEDGER_TABLE || !INVENTORY_BUCKET) throw new Error('leastwise-propose-rightsizing names no table and no bucket');
  const table = { client: documentClient(asking), name: LEDGER_TABLE, backoff: realBackoff };
  return {
    ledger: dynamoLedgerStore({ ...table, rank: rankBy(offlineKey), remember: 0 }),
    inventories: inventoryStore({ s3: new S3Client(asking), name: INVENTORY_BUCKET }),
  };
}
