import { dayOf } from '../time.ts';
import type { LedgerItem } from '../usage/item.ts';
import type { Lease } from './lease.ts';

/**
 * Of the actions that were lent, those that the carrier used on the days of the lease, ascending. The ledger knows days:
 * what was used earlier or later on such a day counts too, so this is the most that was used, never less.
 */
export function usedOfLent(lease: Lease, lent: readonly string[], items: readonly LedgerItem[]): readonly string[] {
  const [from, to] = [dayOf(lease.startsAt), dayOf(lease.revokedAt ?? lease.endsAt)];
  const used = new Set(
    items
      .filter(({ kind, outcome, arn }) => kind === 'action' && outcome === 'used' && arn === lease.carrier)
      .filter(({ entries }) => [...entries.values()].some(({ days }) => days.some((day) => day >= from && day <= to)))
      .map(({ action }) => action?.toLowerCase()),
  );
  return lent.filter((action) => used.has(action.toLowerCase())).sort();
}
