import type { Edit, Plan } from '../changes/change.ts';
import type { Inventory, PrincipalRecord } from '../identity/inventory.ts';
import type { Instant } from '../time.ts';
import type { Coverage } from '../usage/coverage.ts';
import type { LedgerItem } from '../usage/item.ts';
import { holdingsOf } from './account.ts';
import { standingsIn, type ToldCase } from './contested.ts';
import { holds, type Proof, prove } from './prove.ts';
import { type Account, type KeptAction, type Rewritten, rewriterOf } from './rewrite.ts';
import { doubtAbout, type Undecidable } from './standing.ts';
import { trailTraits, usedBy } from './usage.ts';
import { endOf, gapIn, startOf, windowOf } from './window.ts';

/** Everything that is known about one account. */
export interface Evidence {
  inventory: Inventory;
  /** The ledger items of every principal, by ARN. One that is not in it was not asked for, and is a fault. */
  usage: ReadonlyMap<string, readonly LedgerItem[]>;
  /** At least those of every actor in `usage`. */
  cases: readonly ToldCase[];
  /** Of the account. */
  coverage: readonly Coverage[];
  /** Whole days that must be covered. */
  windowDays: number;
  now: Instant;
  /** ARNs. */
  breakGlass: readonly string[];
}

interface Judged {
  principal: PrincipalRecord;
  kept: readonly KeptAction[];
}

/** What right-sizing says about one principal. */
export type Rightsizing =
  | (Judged & { status: 'proposed'; plan: Plan; removed: readonly string[]; proof: Proof })
  | (Judged & { status: 'nothing-to-remove' })
  | (Judged & { status: 'not-yet-decidable'; reason: Undecidable | 'no-proof'; detail: string });

/**
 * Judges every principal of an account, by ARN. Actions go only from statements that name them exactly and ask no
 * condition, only where a management trail would have shown their use, and only with a proof.
 */
export function rightsize(evidence: Evidence): readonly Rightsizing[] {
  const account = accountOf(evidence);
  const byArn = [...evidence.inventory.principals].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  const rewrite = rewriterOf(account);
  return byArn.map((principal) => judge(principal, account, rewrite));
}

function accountOf({ inventory, usage, cases, coverage, windowDays, now, breakGlass }: Evidence): Account {
  const window = windowOf(now, windowDays);
  const gap = gapIn(window, coverage);
  const standingOf = standingsIn(cases);
  const itemsOf = (principal: PrincipalRecord): readonly LedgerItem[] => {
    const items = usage.get(principal.arn);
    if (!items) throw new Error(`the usage of ${principal.arn} was not read`);
    return items;
  };
  const byArn = <T>(value: (principal: PrincipalRecord) => T) =>
    new Map(inventory.principals.map((principal) => [principal.arn, value(principal)]));
  return {
    id: inventory.account,
    window,
    trail: trailTraits([...usage.values()].flat()),
    holdings: holdingsOf(inventory),
    used: byArn((principal) => usedBy(itemsOf(principal), standingOf)),
    doubts: byArn((principal) =>
      doubtAbout(principal, { breakGlass, window, gap, seen: itemsOf(principal).length > 0 }),
    ),
  };
}

function judge(principal: PrincipalRecord, account: Account, rewrite: ReturnType<typeof rewriterOf>): Rightsizing {
  const doubt = account.doubts.get(principal.arn);
  if (doubt) return { principal, status: 'not-yet-decidable', ...doubt, kept: [] };
  const parts = account.holdings.ownPolicies(principal).map((held) => rewrite(held, principal));
  const kept = distinct(parts.flatMap((part) => part.kept));
  const edits = parts.flatMap((part) => part.edit ?? []);
  const removed = removedBy(parts);
  if (removed.length === 0) return { principal, status: 'nothing-to-remove', kept };
  const proof = prove(
    edits.map(({ before, after }) => ({ before: before ?? '', after })),
    usedByHolders(edits, principal, account),
  );
  if (!holds(proof)) {
    const detail = 'the smaller policies could not be proven to keep every use and to add nothing';
    return { principal, status: 'not-yet-decidable', reason: 'no-proof', detail, kept };
  }
  return {
    principal,
    status: 'proposed',
    plan: planOf(principal, account, { edits, removed, kept }),
    removed,
    kept,
    proof,
  };
}

/** What really goes: an action that another policy of the principal will still allow was not removed. */
function removedBy(parts: readonly Rewritten[]): string[] {
  const removed = new Set(parts.flatMap((part) => part.removed));
  return [...removed].filter((action) => !parts.some((part) => part.stillAllows(action))).sort();
}

/** Everything that anybody did whom the edits reach, and what a case has not settled yet. */
function usedByHolders(edits: readonly Edit[], principal: PrincipalRecord, account: Account): Set<string> {
  const holders = edits.flatMap(({ slot }) =>
    slot.type === 'managed-policy' ? (account.holdings.holdersOf(slot.policy) ?? []) : [principal],
  );
  return new Set(
    holders.flatMap(({ arn }) => {
      const used = account.used.get(arn);
      return used ? [...used.actions, ...used.contested] : [];
    }),
  );
}

function distinct(kept: readonly KeptAction[]): KeptAction[] {
  const byText = new Map(kept.map((entry) => [`${entry.action} ${entry.why}`, entry]));
  return [...byText.keys()].sort().map((text) => byText.get(text) as KeptAction);
}

function planOf(
  principal: PrincipalRecord,
  account: Account,
  { edits, removed, kept }: { edits: readonly Edit[]; removed: readonly string[]; kept: readonly KeptAction[] },
): Plan {
  return {
    kind: 'rightsizing',
    account: account.id,
    target: principal.arn,
    edits,
    terms: {
      kind: 'rightsizing',
      removed,
      kept: kept.map(({ action, why }) => (why === 'used' ? action : `${action} (${why})`)),
      window: { from: startOf(account.window), to: endOf(account.window) },
    },
  };
}
