import type { InventoryStore } from '../../usecases/ports/inventory-store.ts';
import { account, instant, inventory } from './examples.ts';

/** The laws of the InventoryStore port, for every implementation. */
export function inventoryStoreContract(open: () => Promise<InventoryStore>): void {
  test('a snapshot is read back whole', async () => {
    const store = await open();
    expect(await store.read(account)).toBeUndefined();
    await store.write(inventory());
    expect(await store.read(account)).toEqual(inventory());
  });

  test('the newest snapshot counts, whichever is written last', async () => {
    const store = await open();
    const newer = inventory({ takenAt: instant('2026-03-02T00:00:00Z') });
    await store.write(newer);
    await store.write(inventory());
    expect((await store.read(account))?.takenAt).toBe(newer.takenAt);
  });

  test('a snapshot is replaced where it is still the one that was read, and only there', async () => {
    const store = await open();
    const [before, after] = [inventory(), inventory({ takenAt: instant('2026-03-02T00:00:00Z') })];
    expect(await store.replace(before, after)).toBe(false);
    await store.write(before);
    expect(await store.replace(before, after)).toBe(true);
    expect(await store.read(account)).toEqual(after);
    expect(await store.replace(before, inventory({ takenAt: instant('2026-03-03T00:00:00Z') }))).toBe(false);
    expect(await store.read(account)).toEqual(after);
  });

  test('accounts are those with a snapshot', async () => {
    const store = await open();
    expect(await store.accounts()).toEqual([]);
    await store.write(inventory({ account: '999988887777' }));
    await store.write(inventory());
    expect(await store.accounts()).toEqual([account, '999988887777']);
  });
}
