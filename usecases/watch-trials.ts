import type { Change, Denial, TrialEnd } from '../core/changes/change.ts';
import { changeIdOf } from '../core/changes/change-id.ts';
import { planned } from '../core/changes/planned.ts';
import { isUnderWay } from '../core/changes/terminal.ts';
import { isRunning, trialEnded, trialIn } from '../core/changes/trial.ts';
import type { Configuration } from '../core/configuration.ts';
import type { PrincipalId } from '../core/identity/principal.ts';
import { trialWithout } from '../core/rightsizing/ladder.ts';
import { enteredSince, everything } from '../core/rightsizing/retire.ts';
import { denialsByTrial } from '../core/rightsizing/trial-denials.ts';
import type { Instant } from '../core/time.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { ChangeStore } from './ports/state-stores.ts';
import { entriesInto } from './role-entries.ts';
import { whenStale } from './when-stale.ts';

export interface WatchTrialsDeps {
  changes: Pick<ChangeStore, 'find' | 'list' | 'commit'>;
  ledger: Pick<LedgerStore, 'itemsOfPrincipal' | 'parentsOf'>;
  inventories: Pick<InventoryStore, 'read'>;
  configuration: Pick<Configuration, 'decideWithinHours'>;
  now(): Instant;
}

/** What one look at the trials did, by ids of changes. */
export interface Watched {
  running: number;
  /** Ended because they denied what is used, or because what they tried is in force. */
  ended: readonly string[];
  /** Proposed again without what was missed. */
  again: readonly string[];
  failed: readonly { change: string; detail: string }[];
}

const by = 'watch-trials';

/**
 * Ends every trial that denied a call which nothing else would have denied, and proposes it again without that; ends
 * those whose final step is in force. Safe to cut off anywhere: what it does is named by what it was done for.
 */
export const watchTrials = (deps: WatchTrialsDeps) => async (): Promise<Watched> => {
  const ended: string[] = [];
  const again: string[] = [];
  const failed: { change: string; detail: string }[] = [];
  const all = await deps.changes.list(1000);
  const running = all.filter(isRunning);
  for (const change of all) {
    try {
      const now = await endIfHit(deps, change, all);
      if (now !== change) ended.push(change.id);
      const next = await proposeAgain(deps, now, all);
      if (next) again.push(next.id);
    } catch (fault) {
      failed.push({ change: change.id, detail: fault instanceof Error ? fault.message : String(fault) });
    }
  }
  return { running: running.length, ended, again, failed };
};

/** Whoever proposes by night may have been first. */
const isUnderWayFor = (other: Change, { id, plan }: Change): boolean =>
  other.id !== id && other.plan.kind === 'rightsizing' && other.plan.target === plan.target && isUnderWay(other);

/** Gives the change as it is then. */
async function endIfHit(deps: WatchTrialsDeps, change: Change, all: readonly Change[]): Promise<Change> {
  if (!isRunning(change)) return change;
  const denials = await denialsOf(deps, change);
  if (denials === 'gone') return end(deps, change, 'gone', []);
  if (denials.length > 0) return end(deps, change, 'denied', denials);
  const finals = all.filter((other) => isFinalOf(other, change));
  if (finals.some(({ state }) => state === 'verified')) return end(deps, change, 'final', []);
  // Whoever does not want it taken away does not want it denied either.
  const refused = finals.find(({ state }) => state === 'denied');
  return refused ? end(deps, change, 'asked', [], refused.decisions.at(-1)?.by) : change;
}

const isFinalOf = ({ plan: { terms } }: Change, trial: Change): boolean =>
  terms.kind === 'rightsizing' && terms.stage?.step === 'final' && terms.stage.trial === trial.id;

async function denialsOf(
  { ledger, inventories }: WatchTrialsDeps,
  change: Change,
): Promise<readonly Denial[] | 'gone'> {
  const { account, target } = change.plan;
  const inventory = await inventories.read(account);
  if (inventory === undefined) throw new Error(`there is no inventory of ${account}`);
  const principal = inventory.principals.find(({ arn }) => arn === target);
  if (principal === undefined) return 'gone';
  const byId = await ledger.itemsOfPrincipal(principal.id as PrincipalId);
  const byArn = await ledger.itemsOfPrincipal(target as PrincipalId);
  const denials = denialsByTrial(change, [...byId, ...byArn], inventory, principal);
  if (!trialIn(change)?.services.includes(everything) || change.appliedAt === null) return denials;
  return [...denials, ...enteredSince(await entriesInto(ledger, principal), change.appliedAt)];
}

async function end(
  { changes, now }: WatchTrialsDeps,
  change: Change,
  why: TrialEnd['why'],
  denials: readonly Denial[],
  whoever: string = by,
): Promise<Change> {
  const step = trialEnded(change, { by: whoever, at: now(), why, denials });
  if (step === undefined) return change;
  await changes.commit(change, step.after, step.events);
  return step.after;
}

/** undefined: it was not ended by a denial, is proposed already, or nothing of it is left. */
async function proposeAgain(
  deps: WatchTrialsDeps,
  change: Change,
  all: readonly Change[],
): Promise<Change | undefined> {
  const { ended } = change;
  if (trialIn(change) === undefined || ended?.why !== 'denied') return undefined;
  if (all.some((other) => isUnderWayFor(other, change))) return undefined;
  const missed = ended.denials.map(({ action }) => action);
  const plan = trialWithout(change.plan, new Set(missed));
  if (plan === undefined) return undefined;
  const id = changeIdOf('rightsizing', [change.id, 'again', ...missed]);
  return whenStale(async () => {
    const { changes, configuration, now } = deps;
    if ((await changes.find(id)) !== undefined) return undefined;
    const { decideWithinHours } = configuration;
    const { lineage } = change;
    const planning = { id, plan, requester: null, beneficiary: null, lineage, at: now(), decideWithinHours, by };
    const { after, events } = planned(planning);
    await changes.commit(undefined, after, events);
    return after;
  });
}
