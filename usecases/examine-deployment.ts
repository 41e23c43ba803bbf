import type { Configuration } from '../core/configuration.ts';
import { examine, type Finding } from '../core/deployment/examine.ts';
import type { AccountFacts, Facts, Seen } from '../core/deployment/facts.ts';
import { identities } from '../core/identity/inventory-parts.ts';
import type { AccountId, PrincipalId } from '../core/identity/principal.ts';
import { dayAt, dayNumber, dayOf, type Instant } from '../core/time.ts';
import type { Deployment, Probe } from './ports/deployment.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { LedgerStore } from './ports/ledger-store.ts';

export interface ExamineDeploymentDeps {
  deployment: Deployment;
  ledger: Pick<LedgerStore, 'coverage' | 'itemsOfPrincipal'>;
  inventories: Pick<InventoryStore, 'read'>;
  /** null: no member account was named to read in. */
  probe: Probe | null;
  /** Of the probe's name. */
  nonce: string;
  configuration: Configuration;
  now(): Instant;
  wait(seconds: number): Promise<void>;
}

/** CloudTrail's events reach EventBridge within minutes; the trail's files take longer. */
const [mostWaited, between] = [300, 15];

/** Looks at everything that a deployment needs and judges it. What cannot be seen is told as such; the rest goes on. */
export const examineDeployment = (deps: ExamineDeploymentDeps) => async (): Promise<readonly Finding[]> => {
  const { deployment, configuration } = deps;
  // The clock is compared first: a probe takes minutes.
  const caller = await seen(() => deployment.caller());
  const at = deps.now();
  const facts: Facts = {
    caller,
    managementAccount: await seen(() => deployment.managementAccount()),
    trails: await seen(() => deployment.trails()),
    rules: await seen(() => deployment.rules()),
    functions: await seen(() => deployment.functions()),
    queues: await seen(() => deployment.queues()),
    accounts: await Promise.all(configuration.accounts.map(({ id }) => seen(() => account(deps, id, at)))),
    slack: await seen(() => deployment.slack()),
    probe: deps.probe && (await seen(() => arrival(deps, deps.probe!))),
  };
  return examine(facts, configuration, at);
};

async function seen<T extends object>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return await look();
  } catch (fault) {
    return { unseen: fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault) };
  }
}

async function account({ inventories, ledger }: ExamineDeploymentDeps, id: string, at: Instant): Promise<AccountFacts> {
  const day = dayNumber(dayOf(at)) - 2;
  const inventory = await inventories.read(id);
  const coverage = await ledger.coverage(id as AccountId, dayAt(day - 1), dayAt(day + 1));
  const parts = inventory?.parts ?? [];
  // Events keep a snapshot current in between: when the account was last read itself stands with the part.
  const inventoryAt = parts.find(({ part }) => part === identities)?.takenAt ?? inventory?.takenAt ?? null;
  const unread = parts.flatMap(({ part, takenAt, denied }) =>
    denied ? [{ part, takenAt, detail: denied.detail }] : [],
  );
  return { account: id, inventoryAt, unread, coverage };
}

/** Whether the read is in the ledger by the fast lane before the trail's file can be. */
async function arrival({ ledger, nonce, wait }: ExamineDeploymentDeps, probe: Probe) {
  const name = `leastwise-doctor-${nonce}`;
  const { account, principal } = await probe.read(name);
  for (let waitedSeconds = 0; ; waitedSeconds += between) {
    if (await isInLedger(ledger, principal, name)) return { account, arrived: true, waitedSeconds };
    if (waitedSeconds >= mostWaited) return { account, arrived: false, waitedSeconds };
    await wait(between);
  }
}

async function isInLedger(ledger: Pick<LedgerStore, 'itemsOfPrincipal'>, principal: PrincipalId, name: string) {
  const items = await ledger.itemsOfPrincipal(principal);
  return items.some(
    ({ kind, entries }) =>
      kind === 'resource' && [...entries].some(([value, { trust }]) => value.includes(name) && trust === 'fast-lane'),
  );
}
