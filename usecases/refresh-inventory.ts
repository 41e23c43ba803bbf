import { applyEvents, changesIdentities, refreshed } from '../core/identity/apply-event.ts';
import type { Inventory } from '../core/identity/inventory.ts';
import { withIdentities } from '../core/identity/inventory-parts.ts';
import type { Instant } from '../core/time.ts';
import { isEnvelope, parseEnvelope } from '../core/usage/envelope.ts';
import type { UsageEvent } from '../core/usage/event.ts';
import { latestFor } from '../core/usage/parse.ts';
import type { InventoryScan } from './ports/inventory-scan.ts';
import type { InventoryStore } from './ports/inventory-store.ts';

export interface RefreshInventoryDeps {
  scan: InventoryScan['scan'];
  inventories: Pick<InventoryStore, 'read' | 'replace'>;
  now(): Instant;
}

/** An event as the queue hands it over. */
export interface ChangeDelivery {
  id: string;
  envelope: unknown;
}

const tries = 5;

/**
 * Keeps the snapshots current by the events that change identities. What an event does not tell is read again, that
 * entity alone; an event from before the snapshot may have been left out of it, so then the account is read whole. Gives
 * the deliveries that failed, to be handed out again; events that change nothing or cannot be read are passed over: the
 * nightly scan sees what they did.
 */
export const refreshInventory =
  (deps: RefreshInventoryDeps) =>
  async (deliveries: readonly ChangeDelivery[]): Promise<readonly { id: string; fault: unknown }[]> => {
    const byAccount = new Map<string, { id: string; event: UsageEvent }[]>();
    for (const delivery of deliveries) {
      const event = eventIn(delivery.envelope, deps.now());
      if (event?.account == null || !changesIdentities(event)) continue;
      byAccount.set(event.account, [...(byAccount.get(event.account) ?? []), { id: delivery.id, event }]);
    }
    const failed: { id: string; fault: unknown }[] = [];
    for (const [account, changes] of byAccount) {
      try {
        await refreshOne(deps, account, inOrder(changes.map(({ event }) => event)));
      } catch (fault) {
        failed.push(...changes.map(({ id }) => ({ id, fault })));
      }
    }
    return failed;
  };

/** Events in their order, each once. */
const inOrder = (events: readonly UsageEvent[]): UsageEvent[] =>
  [...new Map(events.map((event) => [event.eventID, event])).values()].sort((a, b) =>
    a.time === b.time ? (a.eventID < b.eventID ? -1 : 1) : a.time < b.time ? -1 : 1,
  );

async function refreshOne(
  { scan, inventories, now }: RefreshInventoryDeps,
  account: string,
  events: readonly UsageEvent[],
): Promise<void> {
  for (let time = 0; time < tries; time += 1) {
    const before = await inventories.read(account);
    // Of an account that is not followed there is nothing to keep current.
    if (before === undefined) return;
    const after = await follow(before, events, () => scan(account, now()));
    if (await inventories.replace(before, after)) return;
  }
  throw new Error(`the inventory of ${account} changed ${tries} times while it was refreshed`);
}

type Scan = () => ReturnType<InventoryScan['scan']>;

/** The inventory after the events; it is then of the last one's time. */
async function follow(before: Inventory, events: readonly UsageEvent[], scan: Scan): Promise<Inventory> {
  const isLate = events.some(({ time }) => time < before.takenAt);
  if (isLate) return withIdentities(before, (await scan()).inventory);
  const { inventory, stale } = applyEvents(before, events);
  const whole = stale.length === 0 ? inventory : refreshed(inventory, (await scan()).inventory, stale);
  return { ...whole, takenAt: events.at(-1)?.time ?? before.takenAt };
}

function eventIn(envelope: unknown, now: Instant): UsageEvent | undefined {
  if (!isEnvelope(envelope)) return undefined;
  const parsed = parseEnvelope(envelope, { trust: 'fast-lane', historic: false, latest: latestFor(now) });
  return parsed.ok ? parsed.value : undefined;
}
