import { assumersIn, type Facts, factsOfChanges } from '../core/anomaly/facts.ts';
import type { Change } from '../core/changes/change.ts';
import type { ActorId, PrincipalId } from '../core/identity/principal.ts';
import type { LedgerItem } from '../core/usage/item.ts';
import type { LineageChild } from '../core/usage/lineage.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { ChangeStore } from './ports/state-stores.ts';

export interface FactsDeps {
  ledger: Pick<LedgerStore, 'itemsOfActor' | 'parentsOf'>;
  changes?: Pick<ChangeStore, 'ofTarget'>;
}

/** Somebody with more principals, or who entered more roles lately, is read this far. */
const mostTargets = 16;
const mostRoles = 4;

/** What lies over an actor's ledger besides verdicts: what changes took and lent, and who else assumed the roles it assumed last. */
export async function factsOfActor(deps: FactsDeps, items: readonly LedgerItem[]): Promise<Facts> {
  const targets = [...new Set(items.flatMap(({ arn }) => arn ?? []))].sort().slice(0, mostTargets);
  const changes: Change[] = [];
  if (deps.changes !== undefined) {
    for (const target of targets) changes.push(...(await deps.changes.ofTarget(target)));
  }
  const assumers = new Map<string, ReturnType<typeof assumersIn>>();
  for (const role of latestRoles(items)) assumers.set(role, await assumersOf(deps, role));
  return { ...factsOfChanges(changes), assumers };
}

function latestRoles(items: readonly LedgerItem[]): readonly string[] {
  const entered = items
    .filter(({ kind, outcome }) => kind === 'assumed-role' && outcome === 'used')
    .flatMap(({ entries }) => [...entries].map(([role, { first }]) => ({ role, first })))
    .filter(({ first }) => !first.historic)
    .sort((a, b) =>
      a.first.time === b.first.time ? (a.role < b.role ? -1 : 1) : a.first.time > b.first.time ? -1 : 1,
    );
  return [...new Set(entered.map(({ role }) => role))].slice(0, mostRoles);
}

/** Lineage knows a role by its unique id, which the role's own rows tell, or by its ARN. */
async function assumersOf({ ledger }: FactsDeps, role: string) {
  const own = await ledger.itemsOfActor(role as ActorId);
  const names = new Set<PrincipalId | string>([role, ...own.map(({ principal }) => principal)]);
  const edges = [];
  for (const name of names) edges.push(...(await ledger.parentsOf(name as LineageChild)));
  return assumersIn(edges);
}
