import type { Day } from '../time.ts';
import type { Entry, LedgerItem } from '../usage/item.ts';

/** The ledger as it was at the end of a day: an entry knows its least event and every day of its use. */
export function ledgerUntil(items: readonly LedgerItem[], day: Day): readonly LedgerItem[] {
  return items.flatMap((item) => {
    const entries = new Map([...item.entries].flatMap(([value, entry]) => entryUntil(value, entry, day)));
    return entries.size === 0 ? [] : [{ ...item, entries }];
  });
}

function entryUntil(value: string, entry: Entry, day: Day): [string, Entry][] {
  if (entry.first.time.slice(0, 10) > day) return [];
  const days = entry.days.filter((each) => each <= day);
  const last = days.at(-1) ?? (entry.first.time.slice(0, 10) as Day);
  return [[value, { ...entry, days, last, returns: entry.returns.filter(({ time }) => time.slice(0, 10) <= day) }]];
}
