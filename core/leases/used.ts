import { isRoleOf } from '../identity/identity-center.ts';
import { dayOf } from '../time.ts';
import type { LedgerItem } from '../usage/item.ts';
import type { Lease } from './lease.ts';

/**
 * Of the actions that were lent, those that the carrier used on the days of the lease, ascending. The ledger knows days:
 * what was used earlier or later on such a day counts too, so this is the most that was used, never less.
 */
export function usedOfLent(lease: Lease, lent: readonly string[], items: readonly LedgerItem[]): readonly string[] {
  const used = new Set(usedBy(lease, items, (arn) => arn === lease.carrier).map((action) => action.toLowerCase()));
  return lent.filter((action) => used.has(action.toLowerCase())).sort();
}

/** The same of a permission set, which names no actions: what was used as its role. `items` are those of the beneficiary. */
export const usedUnderSet = (lease: Lease, items: readonly LedgerItem[]): readonly string[] =>
  [...new Set(usedBy(lease, items, (arn) => isRoleOf(lease.carrier, arn)))].sort();

function usedBy(lease: Lease, items: readonly LedgerItem[], isIts: (arn: string | null) => boolean): string[] {
  const [from, to] = [dayOf(lease.startsAt), dayOf(lease.revokedAt ?? lease.endsAt)];
  return items
    .filter(({ kind, outcome, arn }) => kind === 'action' && outcome === 'used' && isIts(arn))
    .filter(({ entries }) => [...entries.values()].some(({ days }) => days.some((day) => day >= from && day <= to)))
    .flatMap(({ action }) => action ?? []);
}
