import type { Case } from '../core/anomaly/case.ts';
import { canonicalHash } from '../core/audit/canonical.ts';
import { backlogHours } from '../core/changes/backlog.ts';
import type { Change, ChangeId, Plan } from '../core/changes/change.ts';
import { changeIdOf } from '../core/changes/change-id.ts';
import { isSwitchedOff, switchRefusal } from '../core/changes/may-apply.ts';
import { bornRefused, planned } from '../core/changes/planned.ts';
import { settingsId } from '../core/changes/settings.ts';
import { onlyObserving } from '../core/changes/settings-step.ts';
import { isUnderWay } from '../core/changes/terminal.ts';
import { isRunning, trialEnded } from '../core/changes/trial.ts';
import { type Configuration, ladderOf } from '../core/configuration.ts';
import { parseIamArn } from '../core/identity/iam-arn.ts';
import type { Inventory, PrincipalRecord } from '../core/identity/inventory.ts';
import type { AccountId, ActorId, PrincipalId } from '../core/identity/principal.ts';
import { asUses, exclusionOf, nextStep, type Proposed, riskOf } from '../core/rightsizing/ladder.ts';
import { retirementOf } from '../core/rightsizing/retire.ts';
import { type Rightsizing, rightsize } from '../core/rightsizing/rightsize.ts';
import { type Source, sourceReached, withoutStacks } from '../core/rightsizing/source.ts';
import { type Window, windowOf } from '../core/rightsizing/window.ts';
import { windowDaysFor } from '../core/rightsizing/window-rules.ts';
import { type Day, dayAt, dayNumber, dayOf, type Instant } from '../core/time.ts';
import { type Coverage, deliveredHours, digestRegionsOf } from '../core/usage/coverage.ts';
import type { LedgerItem } from '../core/usage/item.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { LastAccessedReports } from './ports/last-accessed.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { CaseStore, ChangeStore, SettingsStore } from './ports/state-stores.ts';
import { entriesInto } from './role-entries.ts';
import { whenStale } from './when-stale.ts';

export interface ProposeRightsizingDeps {
  inventories: Pick<InventoryStore, 'read'>;
  ledger: Pick<LedgerStore, 'itemsOfPrincipal' | 'coverage' | 'parentsOf'>;
  cases: Pick<CaseStore, 'ofActor'>;
  changes: Pick<ChangeStore, 'find' | 'ofTarget' | 'commit'>;
  settings: Pick<SettingsStore, 'find'>;
  /** Absent: what does not show in the trail stays. */
  lastAccessed?: LastAccessedReports;
  configuration: Pick<
    Configuration,
    'breakGlass' | 'windowDays' | 'decideWithinHours' | 'trail' | 'regions' | 'rightsizing'
  >;
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
  /** Principals that the configuration leaves alone for a while. */
  excluded: number;
  /** Principals to whom the old and the new policies cannot be attached side by side. */
  noRoom: number;
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
 * Judges every principal of an account by its newest inventory and proposes the next step for each, those first whose loss
 * is worth most, and at most `most`. Gives undefined where no inventory of the account was ever taken. Run again, it
 * proposes nothing twice.
 */
export const proposeRightsizing =
  (deps: ProposeRightsizingDeps) =>
  async (account: string, most = mostANight): Promise<Proposals | undefined> => {
    const inventory = await deps.inventories.read(account);
    if (inventory === undefined) return undefined;
    const told = await knownOf(deps, inventory);
    const judged = await judge(deps, told);
    const proposed: Change[] = [];
    const postponed: string[] = [];
    const counts = { known: 0, excluded: 0, noRoom: 0 };
    for (const each of judged.filter(isProposed).sort(byRisk)) {
      const outcome = await proposeOne(deps, each, told, most - proposed.length);
      if (typeof outcome === 'object') proposed.push(outcome);
      else if (outcome === 'postponed') postponed.push(each.principal.arn);
      else counts[outcome] += 1;
    }
    for (const each of judged) {
      await endIdle(deps, each, told);
      if (proposed.length >= most) continue;
      const retired = await retire(deps, each, told);
      if (retired) proposed.push(retired);
    }
    return { account, judged, proposed, postponed, ...counts };
  };

/** What is known of one account before it is judged. */
interface Told {
  inventory: Inventory;
  /** By ARN of the principal. */
  usage: ReadonlyMap<string, readonly LedgerItem[]>;
  earlier: ReadonlyMap<string, readonly Change[]>;
  window: Window;
  coverage: readonly Coverage[];
}

async function proposeOne(
  deps: ProposeRightsizingDeps,
  judged: Proposed,
  told: Told,
  room: number,
): Promise<Change | 'known' | 'excluded' | 'noRoom' | 'postponed'> {
  const { inventory, usage, earlier, coverage } = told;
  const { arn } = judged.principal;
  const own = ownWindow(deps, judged.principal);
  const { trialDays, exclusions } = ladderOf(deps.configuration);
  if (exclusionOf(arn, exclusions, deps.now())) return 'excluded';
  const before = earlier.get(arn) ?? [];
  const items = usage.get(arn) ?? [];
  const climb = { inventory, items, earlier: before, window: own, coverage, trialDays };
  const source = sourceReached(arn, judged.policies, inventory);
  const next = nextStep(judged, source ? { ...climb, earlier: [], trialDays: 0 } : climb);
  if (next === 'waits') return 'known';
  if (next === 'no-room') return 'noRoom';
  if (await isKnown(deps, next)) return 'known';
  if (room <= 0) return 'postponed';
  const lineage = lineageOf(next, inventory, usage);
  if (source) return (await propose(deps, next, { lineage, backlog: false, refusal: ownedBy(source) })) ?? 'known';
  // What was tried already is put before people at once; what is new waits until somebody wants to see it.
  return (await propose(deps, next, { lineage, backlog: !before.some(isRunning) })) ?? 'known';
}

/** What a trial denies is granted no more: somebody took it away by hand, or uses all that is left. */
async function endIdle(
  { changes, now }: ProposeRightsizingDeps,
  { status, principal }: Rightsizing,
  { earlier }: Told,
) {
  if (status !== 'nothing-to-remove') return;
  for (const change of (earlier.get(principal.arn) ?? []).filter(isRunning)) {
    const step = trialEnded(change, { by, at: now(), why: 'final', denials: [] });
    if (step) await changes.commit(change, step.after, step.events);
  }
}

/** Whole roles go last: they are worth least, and nobody misses what is not there. */
async function retire(deps: ProposeRightsizingDeps, judged: Rightsizing, told: Told): Promise<Change | undefined> {
  const { principal } = judged;
  const { trialDays, exclusions } = ladderOf(deps.configuration);
  if (judged.status !== 'not-yet-decidable' || judged.reason !== 'never-seen') return undefined;
  if (exclusionOf(principal.arn, exclusions, deps.now())) return undefined;
  const { inventory, usage } = told;
  const window = ownWindow(deps, principal);
  const plan = retirementOf(judged, await entriesInto(deps.ledger, principal), { inventory, window, trialDays });
  if (plan === undefined || told.earlier.get(principal.arn)?.some(isRunning) || (await isKnown(deps, plan)))
    return undefined;
  return propose(deps, plan, { lineage: lineageOf(plan, inventory, usage), backlog: true });
}

/** The patch is shown, and nothing is edited: its owner would undo it, or fail over it. */
const ownedBy = ({ kind, name }: Source) => ({
  reason: 'owned-by-source' as const,
  detail: `It belongs to ${kind} (${name}).`,
});

const isProposed = (judged: Rightsizing): judged is Proposed => judged.status === 'proposed';
const byRisk = (a: Proposed, b: Proposed): number =>
  riskOf(b.removed) - riskOf(a.removed) || (a.principal.arn < b.principal.arn ? -1 : 1);

async function knownOf(deps: ProposeRightsizingDeps, inventory: Inventory): Promise<Told> {
  const { changes, ledger, configuration, now } = deps;
  const window = windowOf(now(), configuration.windowDays);
  const usage = new Map<string, readonly LedgerItem[]>();
  const earlier = new Map<string, readonly Change[]>();
  for (const { id, arn } of inventory.principals) {
    const before = (await changes.ofTarget(arn)).filter(({ plan }) => plan.kind === 'rightsizing');
    earlier.set(arn, before);
    // By id, and by ARN where the log did not give the id: both keep permissions.
    const byId = await ledger.itemsOfPrincipal(id as PrincipalId);
    const byArn = await ledger.itemsOfPrincipal(arn as PrincipalId);
    usage.set(arn, asUses([...byId, ...byArn], before));
  }
  const begun = [...earlier.values()]
    .flat()
    .filter(isRunning)
    .flatMap(({ appliedAt }) => appliedAt ?? []);
  const longest = Math.max(...ladderOf(configuration).windows.map(({ days }) => days), configuration.windowDays);
  const since = [windowOf(now(), longest).first, ...begun.map(dayOf)].sort()[0] as Day;
  // A day more on either side: an hour is proven by its neighbours too.
  const [from, to] = [dayAt(dayNumber(since) - 1), dayAt(dayNumber(window.last) + 1)];
  const delivered = await ledger.coverage(inventory.account as AccountId, from, to);
  const coverage = deliveredHours(delivered, digestRegionsOf(configuration));
  return { inventory, usage, earlier, window, coverage };
}

async function judge(deps: ProposeRightsizingDeps, { inventory, usage, window, coverage }: Told) {
  const { breakGlass } = deps.configuration;
  const cases = await casesIn(deps, usage);
  const lastAccessed = await deps.lastAccessed?.read(inventory.account, [...usage.keys()]);
  return rightsize({
    inventory: withoutStacks(inventory),
    usage,
    cases,
    coverage,
    window,
    windowOf: (principal) => ownWindow(deps, principal),
    breakGlass,
    mayMakePolicies: true,
    ...(lastAccessed && { lastAccessed }),
  });
}

/** The days that must be covered before this principal is judged. */
function ownWindow({ configuration, now }: ProposeRightsizingDeps, principal: PrincipalRecord): Window {
  return windowOf(now(), windowDaysFor(principal, ladderOf(configuration).windows, configuration.windowDays));
}

/** Of everybody who acted as one of the account's principals, whatever people made of them. */
async function casesIn({ cases }: ProposeRightsizingDeps, usage: Told['usage']): Promise<readonly Case[]> {
  const actors = new Set([...usage.values()].flat().map(({ actor }) => actor));
  const found: Case[] = [];
  for (const actor of actors) found.push(...(await cases.ofActor(actor)));
  return found;
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
  if (same.some(({ refusal }) => refusal?.reason === 'owned-by-source')) return true;
  if (!same.some(wasSwitchedOff)) return false;
  return switchRefusal({ plan }, (await settings.find(settingsId)) ?? onlyObserving) !== undefined;
}

const wasSwitchedOff = ({ state, refusal }: Change): boolean =>
  state === 'refused' && refusal !== null && isSwitchedOff(refusal);

/**
 * Named by the plan, its window included, and by how often a switch stopped it: a second run of the same day plans
 * nothing new, and two runs at once plan the same.
 */
const idOf = (plan: Plan, stopped: number): ChangeId =>
  changeIdOf('rightsizing', [canonicalHash(plan), ...(stopped > 0 ? [String(stopped)] : [])]);

type Refused = ReturnType<typeof ownedBy>;

/** undefined: exactly this was planned before, by this run's twin or earlier today. */
function propose(
  deps: ProposeRightsizingDeps,
  plan: Plan,
  { lineage, backlog, refusal }: { lineage: readonly ActorId[]; backlog: boolean; refusal?: Refused },
): Promise<Change | undefined> {
  const { changes, configuration, now } = deps;
  return whenStale(async () => {
    let stopped = 0;
    let existing = await changes.find(idOf(plan, stopped));
    while (existing !== undefined && wasSwitchedOff(existing)) {
      stopped += 1;
      existing = await changes.find(idOf(plan, stopped));
    }
    if (existing !== undefined) return undefined;
    const decideWithinHours = backlog ? backlogHours : configuration.decideWithinHours;
    const base = { requester: null, beneficiary: null, lineage, decideWithinHours, by, backlog };
    const planning = { ...base, id: idOf(plan, stopped), plan, at: now() };
    const { after, events } = refusal ? bornRefused(planning, refusal.reason, refusal.detail) : planned(planning);
    await changes.commit(undefined, after, events);
    return after;
  });
}

/** Everybody who ever acted as a principal that the plan reaches: none of them decides about it. */
function lineageOf(plan: Plan, { principals }: Inventory, usage: Told['usage']): ActorId[] {
  // Half the account may hold a policy of AWS, which stays what it is for everybody else.
  const own = (policy: string) => parseIamArn(policy)?.account !== 'aws';
  const policies = new Set(
    plan.edits.flatMap(({ slot }) => (slot.type === 'managed-policy' && own(slot.policy) ? [slot.policy] : [])),
  );
  const isReached = ({ arn, attached }: PrincipalRecord) =>
    arn === plan.target || attached.some((each) => policies.has(each));
  const reached = principals.filter(isReached).map(({ arn }) => arn);
  const actors = reached.flatMap((arn) => (usage.get(arn) ?? []).map(({ actor }) => actor));
  return [...new Set([...(reached as ActorId[]), ...actors])].sort();
}
