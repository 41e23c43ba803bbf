import { isSerious } from '../catalogue/privilege-class.ts';
import type { LedgerItem } from './item.ts';

/**
 * Whether a write of `after` over `before` must mark the item unscored: what detection reads of it, its first uses and
 * its returns, is other than it was. An earlier first use that arrives late counts, and so does a historic one that
 * replaces it, since both move or end the case that stands. Context counts as well: a used action from a new network
 * makes no new action row, and rows of one event are not written in one step. Of single resources only those that something
 * serious was done to are scored.
 */
export function bringsUnscored(before: LedgerItem | undefined, after: LedgerItem): boolean {
  if (after.kind === 'resource' && !isWatched(after)) return false;
  return scored(before) !== scored(after);
}

/** Whether detection looks at a resource's row: a secret that was read, a function whose code was replaced. */
export const isWatched = ({ action, outcome }: Pick<LedgerItem, 'action' | 'outcome'>): boolean =>
  outcome === 'used' && action !== null && isSerious(action);

function scored(item: LedgerItem | undefined): string {
  const uses = [...(item?.entries ?? [])].flatMap(([value, { first, returns }]) =>
    [first, ...returns].filter(({ historic }) => !historic).map(({ time, eventID }) => [value, time, eventID]),
  );
  return JSON.stringify(uses.sort((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1)));
}
