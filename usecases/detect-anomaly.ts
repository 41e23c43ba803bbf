import { assess } from '../core/anomaly/assess.ts';
import type { Model } from '../core/anomaly/model.ts';
import { type CaseCommit, reconcileCases } from '../core/anomaly/reconcile-cases.ts';
import type { ActorId } from '../core/identity/principal.ts';
import type { Instant } from '../core/time.ts';
import { factsOfActor } from './facts-of-actor.ts';
import type { LedgerStore, Unscored } from './ports/ledger-store.ts';
import type { CaseStore, ChangeStore, VerdictStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface Deps {
  ledger: Pick<LedgerStore, 'itemsOfActor' | 'parentsOf' | 'unmark'>;
  /** Absent: nothing is known of what was taken away or lent. */
  changes?: Pick<ChangeStore, 'ofTarget'>;
  cases: Pick<CaseStore, 'ofActor' | 'commit'>;
  verdicts: Pick<VerdictStore, 'ofActor'>;
  /** Absent: the model as it is. */
  model?: Model;
  now(): Instant;
}

/** What became of the marks of one actor; `fault` is what went wrong, for the caller to log and to retry. */
export interface Detected {
  actor: ActorId;
  marks: readonly Unscored[];
  commits: number;
  fault?: unknown;
}

/**
 * Scores what is marked: assesses the whole ledger of each actor, makes the stored cases say so, and only then removes
 * the marks. Whatever fails on the way, the marks stay and the next attempt does what is missing. One actor's fault
 * does not hold up the others.
 */
export const detectAnomaly =
  (deps: Deps) =>
  async (unscored: readonly Unscored[]): Promise<readonly Detected[]> => {
    const results: Detected[] = [];
    for (const [actor, marks] of byActor(unscored)) results.push(await detectOne(deps, actor, marks));
    return results;
  };

async function detectOne(deps: Deps, actor: ActorId, marks: readonly Unscored[]): Promise<Detected> {
  let commits = 0;
  try {
    await whenStale(async () => {
      for (const { before, after, events } of await pendingCommits(deps, actor)) {
        await deps.cases.commit(before, after, events);
        commits += 1;
      }
    });
    for (const mark of marks) await deps.ledger.unmark(mark);
    return { actor, marks, commits };
  } catch (fault) {
    return { actor, marks, commits, fault };
  }
}

/** The cases are read before the ledger: what somebody else commits after that makes our commit stale, never lost. */
async function pendingCommits(deps: Deps, actor: ActorId): Promise<readonly CaseCommit[]> {
  const { ledger, cases, verdicts, model, now } = deps;
  const stored = await cases.ofActor(actor);
  const decided = await verdicts.ofActor(actor);
  const items = await ledger.itemsOfActor(actor);
  const facts = await factsOfActor(deps, items);
  return reconcileCases(stored, assess(items, decided, model, facts), now());
}

function byActor(unscored: readonly Unscored[]): ReadonlyMap<ActorId, readonly Unscored[]> {
  const groups = new Map<ActorId, Unscored[]>();
  for (const mark of unscored) {
    const group = groups.get(mark.key.actor);
    if (group === undefined) groups.set(mark.key.actor, [mark]);
    else group.push(mark);
  }
  return groups;
}
