import { signalsWithin } from '../core/anomaly/signals/signals.ts';
import { type Disagreement, disagreementOf } from '../core/usage/actions/disagreement.ts';
import type { Coverage } from '../core/usage/coverage.ts';
import type { Rejection, UsageEvent } from '../core/usage/event.ts';
import { createLedger } from '../core/usage/ledger.ts';
import { edgesOf } from '../core/usage/lineage.ts';
import type { LedgerStore } from './ports/ledger-store.ts';

export interface JoinUsageDeps {
  ledger: Pick<LedgerStore, 'join' | 'joinCoverage' | 'joinLineage'>;
  /** Keeps what was rejected, with its reason. Keeping the same again changes nothing. */
  keepRejections(rejections: readonly Rejection[]): Promise<void>;
  /** Of the bounded sets: one per deployment. */
  setKey: string;
  /** Accounts of the organization; absent: only the event's own is known to be no stranger. */
  accounts?: readonly string[];
  /** Whether rows of single resources are kept. */
  resources: boolean;
  /** Is told what denials say against the mapping of calls to actions. */
  disagreed?(found: readonly Disagreement[]): void;
}

/** What was read, to be stored. */
export interface Usage {
  events: readonly UsageEvent[];
  rejections: readonly Rejection[];
  coverage: readonly Coverage[];
}

/**
 * Stores what was read. Every step may run again with the same effect. Lineage is written before the items that
 * detection reads, coverage after them: it may never promise more than the ledger holds.
 */
export async function joinUsage(deps: JoinUsageDeps, { events, rejections, coverage }: Usage): Promise<void> {
  const ledger = createLedger({
    key: deps.setKey,
    resources: deps.resources,
    signalsOf: signalsWithin(deps.accounts ?? []),
  });
  for (const event of events) ledger.add(event);
  const [edges, items] = [events.flatMap(edgesOf), ledger.items()];
  if (edges.length > 0) await deps.ledger.joinLineage(edges);
  if (items.length > 0) await deps.ledger.join(items);
  if (coverage.length > 0) await deps.ledger.joinCoverage(coverage);
  if (rejections.length > 0) await deps.keepRejections(rejections);
  deps.disagreed?.(events.map(disagreementOf).filter((found) => found !== undefined));
}

/** Results in the order of the list, at most `limit` under way. */
export async function eachLimited<T, R>(
  list: readonly T[],
  limit: number,
  work: (each: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < list.length) {
      const at = next++;
      results[at] = await work(list[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, list.length) }, worker));
  return results;
}
