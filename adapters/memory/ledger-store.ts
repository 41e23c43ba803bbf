import { isDeepStrictEqual } from 'node:util';
import type { ActorId, PrincipalId } from '../../core/identity/principal.ts';
import type { Rank } from '../../core/usage/bounded.ts';
import { type Coverage, joinCoverage } from '../../core/usage/coverage.ts';
import { type ItemKey, keyText, type LedgerItem } from '../../core/usage/item.ts';
import { joinItems } from '../../core/usage/join.ts';
import { joinEdges, type LineageEdge, latestFirst } from '../../core/usage/lineage.ts';
import { bringsUnscored } from '../../core/usage/marks.ts';
import type { LedgerStore, StoredItem, Unscored } from '../../usecases/ports/ledger-store.ts';
import { type Feed, memoryFeed } from './feed.ts';
import { keep } from './freeze.ts';

export interface MemoryLedgerOptions {
  /** Which values of a full set stay (core/usage/bounded.ts). */
  rank: Rank;
}

export interface MemoryLedgerStore extends LedgerStore {
  /** What the table's stream delivers: items that were marked unscored by a write. */
  marked: Feed<Unscored>;
}

/** The ledger in memory: the same contract as the DynamoDB one (test/contracts/ledger-store.ts). */
export function memoryLedgerStore({ rank }: MemoryLedgerOptions): MemoryLedgerStore {
  const rows = new Map<string, StoredItem>();
  const marks = new Map<string, Unscored>();
  const marked = memoryFeed<Unscored>();
  const ofActor = index<ActorId>((key) => key.actor);
  const ofPrincipal = index<PrincipalId>((key) => key.principal);

  const joinOne = (item: LedgerItem): StoredItem => {
    const id = keyText(item);
    const stored = rows.get(id);
    const joined = stored === undefined ? item : joinItems(stored.item, item, rank);
    if (stored !== undefined && isDeepStrictEqual(joined, stored.item)) return stored;
    const next = keep({ item: joined, revision: (stored?.revision ?? 0) + 1 });
    rows.set(id, next);
    if (stored === undefined) for (const by of [ofActor, ofPrincipal]) by.add(next.item, id);
    if (bringsUnscored(stored?.item, joined)) {
      const mark = keep({ key: keyOf(joined), revision: next.revision });
      marks.set(id, mark);
      marked.emit(mark);
    } else if (marks.has(id)) {
      marks.set(id, keep({ key: keyOf(joined), revision: next.revision }));
    }
    return next;
  };
  const itemsOf = (ids: Iterable<string>) => [...ids].sort().map((id) => rows.get(id)!.item);

  return {
    marked,
    join: async (items) => items.map(joinOne),
    itemsOfPrincipal: async (principal) => itemsOf(ofPrincipal.of(principal)),
    itemsOfActor: async (actor) => itemsOf(ofActor.of(actor)),
    principals: async () => ofPrincipal.values(),
    unscored: async (limit) =>
      [...marks.keys()]
        .sort()
        .slice(0, limit)
        .map((id) => marks.get(id)!),
    unmark: async (unscored) => {
      const id = keyText(unscored.key);
      if (rows.get(id)?.revision === unscored.revision) marks.delete(id);
    },
    ...coverageRows(),
    ...lineageRows(),
  };
}

function coverageRows(): Pick<LedgerStore, 'joinCoverage' | 'coverage'> {
  const rows = new Map<string, Coverage>();
  const id = ({ account, day, region = '' }: Coverage) => `${account} ${day} ${region}`;
  return {
    joinCoverage: async (coverage) => {
      for (const row of coverage) {
        const stored = rows.get(id(row));
        rows.set(id(row), keep(stored === undefined ? row : joinCoverage(stored, row)));
      }
    },
    coverage: async (account, from, to) =>
      [...rows.values()]
        .filter((row) => row.account === account && row.day >= from && row.day <= to)
        .sort((a, b) => (id(a) < id(b) ? -1 : 1)),
  };
}

function lineageRows(): Pick<LedgerStore, 'joinLineage' | 'parentsOf'> {
  const parents = new Map<string, Map<string, LineageEdge>>();
  return {
    joinLineage: async (edges) => {
      for (const edge of edges) {
        const of = parents.get(edge.child) ?? new Map<string, LineageEdge>();
        const stored = of.get(edge.parent.principal);
        of.set(edge.parent.principal, keep(stored === undefined ? edge : joinEdges(stored, edge)));
        parents.set(edge.child, of);
      }
    },
    parentsOf: async (child) => latestFirst([...(parents.get(child)?.values() ?? [])]),
  };
}

function index<V extends string>(by: (key: ItemKey) => V) {
  const ids = new Map<V, Set<string>>();
  return {
    add(key: ItemKey, id: string) {
      const set = ids.get(by(key)) ?? new Set();
      ids.set(by(key), set.add(id));
    },
    of: (value: V): Iterable<string> => ids.get(value) ?? [],
    values: (): readonly V[] => [...ids.keys()].sort(),
  };
}

const keyOf = ({ principal, actor, kind, action, outcome, value }: ItemKey): ItemKey => ({
  principal,
  actor,
  kind,
  action,
  outcome,
  value,
});
