import type { Inventory } from '../identity/inventory.ts';
import { dayAt, dayNumber } from '../time.ts';
import type { LedgerItem } from '../usage/item.ts';
import type { Window } from './window.ts';

/** What logs show of accounts' principals. */
export interface LoggedUse {
  /** Accounts of which there is at least one event. */
  accounts: ReadonlySet<string>;
  /** The ledger items of every principal of the account, by ARN: found by unique id, and by ARN where the log has no id. */
  of(inventory: Inventory): ReadonlyMap<string, readonly LedgerItem[]>;
  /** The unique ids that the log has under names that other principals have now, by ARN. */
  formerIds(inventory: Inventory): ReadonlyMap<string, string>;
  /** `days` whole days up to the last event's, or, undefined, the days that the logs span. */
  window(days: number | undefined): Window;
}

/** Arranges a ledger made of log files for right-sizing. */
export function loggedUse(items: readonly LedgerItem[]): LoggedUse {
  const byPrincipal = new Map<string, LedgerItem[]>();
  const accounts = new Set<string>();
  const idsByArn = new Map<string, Set<string>>();
  let [first, last] = ['9999-12-31', '0000-01-01'];
  for (const item of items) {
    const known = byPrincipal.get(item.principal);
    if (known) known.push(item);
    else byPrincipal.set(item.principal, [item]);
    if (item.arn !== null && /^A(?:ID|RO)A/.test(item.principal))
      idsByArn.set(item.arn, (idsByArn.get(item.arn) ?? new Set()).add(item.principal));
    for (const entry of item.entries.values()) {
      if (entry.first.account !== null) accounts.add(entry.first.account);
      const began = entry.first.time.slice(0, 10);
      if (began < first) first = began;
      if (entry.last > last) last = entry.last;
    }
  }
  return {
    accounts,
    of: ({ principals }) =>
      new Map(
        principals.map(({ id, arn }) => [arn, [...(byPrincipal.get(id) ?? []), ...(byPrincipal.get(arn) ?? [])]]),
      ),
    formerIds: ({ principals }) =>
      new Map(
        principals.flatMap(({ id, arn }) => {
          const former = [...(idsByArn.get(arn) ?? [])].filter((each) => each !== id).sort()[0];
          return former === undefined ? [] : [[arn, former] as const];
        }),
      ),
    window: (days) => {
      const end = dayNumber(last as Window['last']);
      return { first: days === undefined ? (first as Window['first']) : dayAt(end - days + 1), last: dayAt(end) };
    },
  };
}
