import { memoryAuditArchive } from '../../../adapters/memory/audit-archive.ts';
import { memoryInventoryStore } from '../../../adapters/memory/inventory-store.ts';
import { memoryManifestArchive } from '../../../adapters/memory/manifest-archive.ts';
import { memoryState } from '../../../adapters/memory/state.ts';
import { auditArchiveContract } from '../../contracts/audit-archive.ts';
import { aCase, aChange, actor, happened, inventory } from '../../contracts/examples.ts';
import { inboxContract, nonceStoreContract } from '../../contracts/inbox.ts';
import { inventoryStoreContract } from '../../contracts/inventory-store.ts';
import { manifestArchiveContract } from '../../contracts/manifest-archive.ts';
import { messageStoreContract } from '../../contracts/message-store.ts';
import { stateStoresContract } from '../../contracts/state-stores.ts';

stateStoresContract(async () => memoryState());
describe('inbox', () => inboxContract(async () => memoryState().inbox));
describe('nonces', () => nonceStoreContract(async () => memoryState().nonces));
describe('messages', () => messageStoreContract(async () => memoryState().messages));
describe('inventory', () => inventoryStoreContract(async () => memoryInventoryStore()));
describe('audit archive', () => auditArchiveContract(async () => memoryAuditArchive()));
describe('archive of manifests', () => manifestArchiveContract(async () => memoryManifestArchive()));

test('whoever hears of a commit finds its row', async () => {
  const { cases, committed } = memoryState();
  const found: unknown[] = [];
  committed.subscribe(({ aggregate }) => found.push(cases.find(aggregate.id)));
  await cases.commit(undefined, aCase(), [happened('case', 'case-1')]);
  expect(await Promise.all(found)).toEqual([aCase()]);
});

test('what a store gives cannot be changed, maps included, and the caller keeps its own', async () => {
  const { changes } = memoryState();
  const mine = aChange();
  await changes.commit(undefined, mine, []);
  (mine.plan.edits as unknown[]).pop();
  const found = (await changes.find('change-1'))!;
  expect(found.plan.edits).toHaveLength(1);
  expect(() => Object.assign(found.plan, { target: 'x' })).toThrow(TypeError);
  const inventories = memoryInventoryStore();
  await inventories.write(inventory());
  const read = (await inventories.read(inventory().account))!;
  expect(() => (read.managed as Map<string, unknown>).clear()).toThrow(TypeError);
  expect((await changes.ofTarget(actor))[0]).toEqual(aChange());
});
