import type { Case } from '../core/anomaly/case.ts';
import { canonicalHash } from '../core/audit/canonical.ts';
import type { Change, ChangeId, Plan } from '../core/changes/change.ts';
import { changeIdOf } from '../core/changes/change-id.ts';
import { isSwitchedOff, switchRefusal } from '../core/changes/may-apply.ts';
import { planned } from '../core/changes/planned.ts';
import { settingsId } from '../core/changes/settings.ts';
import { onlyObserving } from '../core/changes/settings-step.ts';
import { isTerminal } from '../core/changes/terminal.ts';
import type { Configuration } from '../core/configuration.ts';
import type { Inventory, PrincipalRecord } from '../core/identity/inventory.ts';
import type { AccountId, ActorId, PrincipalId } from '../core/identity/principal.ts';
import { type Rightsizing, rightsize } from '../core/rightsizing/rightsize.ts';
import { windowOf } from '../core/rightsizing/window.ts';
import { dayAt, dayNumber, type Instant } from '../core/time.ts';
import { deliveredHours, digestRegionsOf } from '../core/usage/coverage.ts';
import type { LedgerItem } from '../core/usage/item.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { CaseStore, ChangeStore, SettingsStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface ProposeRightsizingDeps {
  inventories: Pick<InventoryStore, 'read'>;
  ledger: Pick<LedgerStore, 'itemsOfPrincipal' | 'coverage'>;
  cases: Pick<CaseStore, 'ofActor'>;
  changes: Pick<ChangeStore, 'find' | 'ofTarget' | 'commit'>;
  settings: Pick<SettingsStore, 'find'>;
  configuration: Pick<Configuration, 'breakGlass' | 'windowDays' | 'decideWithinHours' | 'trail' | 'regions'>;
  now(): Instant;
}

/** What came of one account. */
export interface Proposals {
  account: string;
  judged: readonly Rightsizing[];
  /** Changes that wait for a decision since now. */
  proposed: readonly Change[];
  /** Principals whose proposal is open already, was turned down or rolled back, or stopped by a switch that still stands. */
  known: number;
  /** ARNs of those put off to another run, the one that loses most first. */
  postponed: readonly string[];
}

const by = 'propose-rightsizing';
/**
 * Each is a message that somebody has to read, with two policies to compare: three get an answer, twenty get muted. The
 * rest comes on the nights after, whether or not these are decided by then.
 */
export const mostANight = 3;

/**
 * Judges every principal of an account by its newest inventory and proposes the smaller policies, those that lose most
 * first and at most `most`. Gives undefined where no inventory of the account was ever taken. Run again, it proposes
 * nothing twice.
 */
export const proposeRightsizing =
  (deps: ProposeRightsizingDeps) =>
  async (account: string, most = mostANight): Promise<Proposals | undefined> => {
    const inventory = await deps.inventories.read(account);
    if (inventory === undefined) return undefined;
    const usage = await usageOf(deps, inventory);
    const judged = await judge(deps, inventory, usage);
    const proposed: Change[] = [];
    let known = 0;
    const postponed: string[] = [];
    for (const { plan } of judged.filter(isProposed).sort(byRemoved)) {
      if (await isKnown(deps, plan)) known += 1;
      else if (proposed.length >= most) postponed.push(plan.target);
      else {
        const change = await propose(deps, plan, lineageOf(plan, inventory, usage));
        if (change === undefined) known += 1;
        else proposed.push(change);
      }
    }
    return { account, judged, proposed, known, postponed };
  };

type Usage = ReadonlyMap<string, readonly LedgerItem[]>;
type ProposedOne = Extract<Rightsizing, { status: 'proposed' }> & { plan: Plan };

const isProposed = (judged: Rightsizing): judged is ProposedOne => judged.status === 'proposed' && judged.plan !== null;
const byRemoved = (a: ProposedOne, b: ProposedOne): number =>
  b.removed.length - a.removed.length || (a.plan.target < b.plan.target ? -1 : 1);

async function judge(deps: ProposeRightsizingDeps, inventory: Inventory, usage: Usage) {
  const { ledger, configuration, now } = deps;
  const { windowDays, breakGlass } = configuration;
  const window = windowOf(now(), windowDays);
  // A day more on either side: an hour is proven by its neighbours too.
  const [from, to] = [dayAt(dayNumber(window.first) - 1), dayAt(dayNumber(window.last) + 1)];
  const delivered = await ledger.coverage(inventory.account as AccountId, from, to);
  const coverage = deliveredHours(delivered, digestRegionsOf(configuration));
  const cases = await casesIn(deps, usage);
  return rightsize({ inventory, usage, cases, coverage, window, breakGlass, mayMakePolicies: false });
}

/** Of everybody who acted as one of the account's principals, whatever people made of them. */
async function casesIn({ cases }: ProposeRightsizingDeps, usage: Usage): Promise<readonly Case[]> {
  const actors = new Set([...usage.values()].flat().map(({ actor }) => actor));
  const found: Case[] = [];
  for (const actor of actors) found.push(...(await cases.ofActor(actor)));
  return found;
}

/** By id, and by ARN where the log did not give the id: both keep permissions. */
async function usageOf({ ledger }: ProposeRightsizingDeps, { principals }: Inventory): Promise<Usage> {
  const usage = new Map<string, readonly LedgerItem[]>();
  for (const { id, arn } of principals) {
    const byId = await ledger.itemsOfPrincipal(id as PrincipalId);
    const byArn = await ledger.itemsOfPrincipal(arn as PrincipalId);
    usage.set(arn, [...byId, ...byArn]);
  }
  return usage;
}

/**
 * Whether people are asked about the target already, said no to exactly this, or would say yes in vain: what a switch
 * stopped is offered again once that is turned.
 */
async function isKnown({ changes, settings }: ProposeRightsizingDeps, plan: Plan): Promise<boolean> {
  const wanted = canonicalHash(plan.edits);
  const earlier = (await changes.ofTarget(plan.target)).filter((change) => change.plan.kind === 'rightsizing');
  if (earlier.some(isUnderWay)) return true;
  const same = earlier.filter((change) => canonicalHash(change.plan.edits) === wanted);
  if (same.some(({ state }) => state === 'denied' || state === 'undone')) return true;
  if (!same.some(wasSwitchedOff)) return false;
  return switchRefusal({ plan }, (await settings.find(settingsId)) ?? onlyObserving) !== undefined;
}

/** Two at once would each be made from a policy that the other replaces. */
const isUnderWay = (change: Change): boolean => !isTerminal(change) && change.state !== 'verified';

const wasSwitchedOff = ({ state, refusal }: Change): boolean =>
  state === 'refused' && refusal !== null && isSwitchedOff(refusal);

/**
 * Named by the plan, its window included, and by how often a switch stopped it: a second run of the same day plans
 * nothing new, and two runs at once plan the same.
 */
const idOf = (plan: Plan, stopped: number): ChangeId =>
  changeIdOf('rightsizing', [canonicalHash(plan), ...(stopped > 0 ? [String(stopped)] : [])]);

/** undefined: exactly this was planned before, by this run's twin or earlier today. */
function propose(deps: ProposeRightsizingDeps, plan: Plan, lineage: readonly ActorId[]): Promise<Change | undefined> {
  const { changes, configuration, now } = deps;
  return whenStale(async () => {
    let stopped = 0;
    let existing = await changes.find(idOf(plan, stopped));
    while (existing !== undefined && wasSwitchedOff(existing)) {
      stopped += 1;
      existing = await changes.find(idOf(plan, stopped));
    }
    if (existing !== undefined) return undefined;
    const { decideWithinHours } = configuration;
    const base = { requester: null, beneficiary: null, lineage, decideWithinHours, by };
    const { after, events } = planned({ ...base, id: idOf(plan, stopped), plan, at: now() });
    await changes.commit(undefined, after, events);
    return after;
  });
}

/** Everybody who ever acted as a principal that the plan reaches: none of them decides about it. */
function lineageOf(plan: Plan, { principals }: Inventory, usage: Usage): ActorId[] {
  const policies = new Set(plan.edits.flatMap(({ slot }) => (slot.type === 'managed-policy' ? [slot.policy] : [])));
  const isReached = ({ arn, attached }: PrincipalRecord) =>
    arn === plan.target || attached.some((each) => policies.has(each));
  const reached = principals.filter(isReached).map(({ arn }) => arn);
  const actors = reached.flatMap((arn) => (usage.get(arn) ?? []).map(({ actor }) => actor));
  return [...new Set([...(reached as ActorId[]), ...actors])].sort();
}
