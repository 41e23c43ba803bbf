import { dynamoState } from '../../../adapters/dynamodb/state.ts';
import { stateTable } from '../../../adapters/dynamodb/table.ts';
import { inboxContract, nonceStoreContract } from '../../contracts/inbox.ts';
import { messageStoreContract } from '../../contracts/message-store.ts';
import { stateStoresContract } from '../../contracts/state-stores.ts';
import { onMoto } from '../../emulators/moto.ts';
import { freshTable } from '../../emulators/tables.ts';

onMoto('the state in DynamoDB', (emulator) => {
  const open = async () => dynamoState(await freshTable(emulator(), stateTable));

  stateStoresContract(open);
  describe('inbox', () => inboxContract(async () => (await open()).inbox));
  describe('nonces', () => nonceStoreContract(async () => (await open()).nonces));
  describe('messages', () => messageStoreContract(async () => (await open()).messages));
});
