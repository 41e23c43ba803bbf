import { memoryIam } from '../../adapters/memory/iam.ts';
import { memoryInventoryStore } from '../../adapters/memory/inventory-store.ts';
import { takeInventoryHandler } from '../../lambdas/take-inventory/handler.ts';
import type { TakenInventory } from '../../usecases/take-inventory.ts';
import { account, evidence, now } from '../core/rightsizing/world.ts';

function world() {
  const iam = memoryIam();
  const { inventory } = evidence([{ name: 'ci' }, { name: 'app' }]);
  iam.load(inventory);
  const inventories = memoryInventoryStore();
  const reported: TakenInventory[] = [];
  const handler = (accounts: string[]) =>
    takeInventoryHandler({
      scan: iam.scan,
      inventories,
      accounts,
      now: () => now,
      report: (taken) => reported.push(taken),
    });
  return { iam, inventories, reported, handler };
}

describe('taking the inventory', () => {
  test('every account that can be read is kept, and one that cannot fails the run at its end', async () => {
    const { handler, inventories, reported } = world();
    await expect(handler(['444455556666', account])()).rejects.toThrow('444455556666');
    expect((await inventories.read(account))?.principals).toHaveLength(2);
    expect(reported).toMatchObject([{ account: '444455556666' }]);
  });

  test('a throttle leaves the earlier snapshot as it was', async () => {
    const { handler, inventories, iam } = world();
    expect(await handler([account])()).toEqual({ accounts: 1, principals: 2 });
    const before = await inventories.read(account);
    iam.throttleNext(1);
    await expect(handler([account])()).rejects.toThrow(account);
    expect(await inventories.read(account)).toEqual(before);
  });
});
