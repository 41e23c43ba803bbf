import { memoryInventoryStore } from '../../adapters/memory/inventory-store.ts';
import { parseAuthorizationDetails } from '../../core/identity/authorization-details.ts';
import type { Inventory } from '../../core/identity/inventory.ts';
import { type Instant, plusSeconds } from '../../core/time.ts';
import { refreshInventoryHandler } from '../../lambdas/refresh-inventory/handler.ts';
import { account, IamModel, type ModelEvent, picker, start } from '../core/identity/iam-model.ts';
import { envelope } from '../core/usage/records.ts';

const later = plusSeconds(start, 86_400);

function world() {
  const model = new IamModel();
  const scanned = (takenAt: Instant): Inventory =>
    parseAuthorizationDetails([model.details()], takenAt).inventories.find((each) => each.account === account) ?? {
      v: 1,
      account,
      takenAt,
      principals: [],
      groups: [],
      managed: new Map(),
    };
  const inventories = memoryInventoryStore();
  const counted = { scans: 0, faults: [] as string[] };
  let broken = false;
  const handle = refreshInventoryHandler({
    inventories,
    scan: async (_, takenAt) => {
      counted.scans += 1;
      if (broken) throw new Error('throttled');
      return { inventory: scanned(takenAt), problems: [] };
    },
    failed: (id) => counted.faults.push(id),
    now: () => later,
  });
  const deliver = (...events: ModelEvent[]) => handle({ Records: events.map(message) } as never);
  return {
    model,
    inventories,
    counted,
    scanned,
    deliver,
    handle,
    breakScan: () => {
      broken = true;
    },
  };
}

const message = (event: ModelEvent, index: number) => ({
  messageId: `m${index}`,
  body: JSON.stringify(
    envelope(
      {},
      {
        eventID: `${event.name}-${event.time}`,
        eventSource: event.source,
        eventName: event.name,
        eventTime: event.time,
        recipientAccountId: account,
        requestParameters: event.requestParameters,
        responseElements: event.responseElements,
        errorCode: undefined,
      },
    ),
  ),
});

const without = ({ takenAt: _, parts: __, ...rest }: Inventory) => rest;

function steps(model: IamModel, count: number, seed: number): ModelEvent[] {
  const pick = picker(seed);
  return Array.from({ length: count }, () => model.step(pick)).filter((event) => event !== undefined);
}

describe('keeping the inventory current', () => {
  test.each([1, 2, 3])('after changes in any batches it is what a scan gives (%i)', async (seed) => {
    const { model, inventories, scanned, deliver } = world();
    await inventories.write(scanned(start));
    for (let round = 0; round < 12; round += 1) {
      const events = steps(model, 5, seed * 100 + round);
      expect(await deliver(...events.toReversed(), ...events.slice(0, 1))).toEqual({ batchItemFailures: [] });
      expect(without((await inventories.read(account))!)).toEqual(without(scanned(later)));
    }
  });

  test('an event that comes after a later one makes the account be read whole', async () => {
    const { model, inventories, scanned, deliver, counted } = world();
    await inventories.write(scanned(start));
    const [first, ...rest] = steps(model, 40, 7);
    await deliver(...rest);
    const before = counted.scans;
    await deliver(first!);
    expect(counted.scans).toBe(before + 1);
    expect(without((await inventories.read(account))!)).toEqual(without(scanned(later)));
  });

  test('of an account without a snapshot nothing is made', async () => {
    const { model, inventories, deliver } = world();
    await deliver(...steps(model, 10, 1));
    expect(await inventories.read(account)).toBeUndefined();
  });

  test('what cannot be read, or changes nothing, is passed over', async () => {
    const { inventories, scanned, handle } = world();
    await inventories.write(scanned(start));
    const Records = ['{', '{}', JSON.stringify(envelope())].map((body, index) => ({ messageId: `${index}`, body }));
    expect(await handle({ Records } as never)).toEqual({ batchItemFailures: [] });
    expect(await inventories.read(account)).toEqual(scanned(start));
  });

  test('a fault of the scan hands the events out again and leaves the snapshot as it was', async () => {
    const { model, inventories, scanned, deliver, breakScan, counted } = world();
    const events = steps(model, 20, 3);
    const taken = scanned(later);
    await inventories.write(taken);
    breakScan();
    const { batchItemFailures } = await deliver(events[0]!);
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'm0' }]);
    expect(counted.faults).toEqual(['m0']);
    expect(await inventories.read(account)).toEqual(taken);
  });
});
