import { dynamoLedgerStore } from '../../../adapters/dynamodb/ledger-store.ts';
import { ledgerTable } from '../../../adapters/dynamodb/table.ts';
import { offlineKey, rankBy } from '../../../core/usage/bounded.ts';
import { ledgerStoreContract } from '../../contracts/ledger-store.ts';
import { onMoto } from '../../emulators/moto.ts';
import { freshTable } from '../../emulators/tables.ts';

onMoto('the ledger in DynamoDB', (emulator) => {
  const open = async (remember: number) =>
    dynamoLedgerStore({ ...(await freshTable(emulator(), ledgerTable)), rank: rankBy(offlineKey), remember });

  describe('by a warm function', () => ledgerStoreContract(() => open(1000)));
  describe('by a function that remembers nothing', () => ledgerStoreContract(() => open(0)));
});
