import type { Day } from '../time.ts';
import type { LedgerItem } from './item.ts';

/** The last day on which somebody used an action; null where no record shows it. */
export type LastUse = (who: { id: string; arn: string }, action: string) => Day | null;

/** Looks up last uses. A call that found nothing was allowed as well; one that was denied is no use. */
export function lastUses(items: Iterable<LedgerItem>): LastUse {
  const last = new Map<string, Day>();
  for (const { principal, arn, kind, action, outcome, entries } of items) {
    if (kind !== 'action' || action === null || outcome === 'denied') continue;
    for (const entry of entries.values()) {
      for (const who of new Set([principal, arn])) {
        const key = `${who} ${action.toLowerCase()}`;
        if (who !== null && (last.get(key) ?? '') < entry.last) last.set(key, entry.last);
      }
    }
  }
  return ({ id, arn }, action) => {
    const [byId, byArn] = [id, arn].map((who) => last.get(`${who} ${action.toLowerCase()}`) ?? null);
    return [byId, byArn].reduce((a, b) => ((a ?? '') > (b ?? '') ? a : b)) ?? null;
  };
}
