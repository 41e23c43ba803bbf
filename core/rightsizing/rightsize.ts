import { actionNumbers } from '../access/compiled/action-numbers.ts';
import { bitsFor, eachBit, subtract, unite } from '../access/compiled/bits.ts';
import type { Edit, Plan } from '../changes/change.ts';
import type { Inventory, PrincipalRecord } from '../identity/inventory.ts';
import type { Coverage } from '../usage/coverage.ts';
import type { LedgerItem } from '../usage/item.ts';
import { holdingsOf } from './account.ts';
import { standingsIn, type ToldCase } from './contested.ts';
import { type LastAccessed, untouchedServices } from './last-accessed.ts';
import { type Detail, distinctKept, type KeptAction } from './narrow.ts';
import { type Observability, observability, type TrailTraits } from './observable.ts';
import { type PolicyChange, pack } from './pack.ts';
import { type PairRule, pairRules } from './paired.ts';
import { holds, type Proof, prove, type RecordedUse } from './prove.ts';
import { sizeOf } from './quotas.ts';
import { reachOf } from './reach.ts';
import { type Account, type Rewrite, type Rewritten, rewriterOf, whole } from './rewrite.ts';
import { doubtAbout, type Undecidable } from './standing.ts';
import { daysOfUse, trailTraits, usedBy } from './usage.ts';
import { endOf, gapIn, startOf, type Window } from './window.ts';

/** Everything that is known about one account. */
export interface Evidence {
  inventory: Inventory;
  /** The ledger items of every principal, by ARN. One that is not in it was not asked for, and is a fault. */
  usage: ReadonlyMap<string, readonly LedgerItem[]>;
  /** At least those of every actor in `usage`. */
  cases: readonly ToldCase[];
  /** Of the account; `vouched`: somebody answers for it that the window is whole. */
  coverage: readonly Coverage[] | 'vouched';
  /** The days that must be covered. */
  window: Window;
  /** Where principals have windows of their own. */
  windowOf?(principal: PrincipalRecord): Window;
  /** The unique ids that others had under names of these principals, by ARN; absent: not known. */
  formerIds?: ReadonlyMap<string, string>;
  /** ARNs. */
  breakGlass: readonly string[];
  /** What IAM reports of last attempts; absent: what does not show in the trail stays. */
  lastAccessed?: LastAccessed;
  /** Which actions the use of others keeps; absent: by all rules. */
  pairRules?: readonly PairRule[];
  /** Whether actions go on on fewer resources, where the ledger surely knows on which ones they were used; absent: no. */
  narrowResources?: boolean;
  /** Whether policies of AWS may be exchanged for policies of the account, and long ones be split. */
  mayMakePolicies: boolean;
}

interface Judged {
  principal: PrincipalRecord;
  kept: readonly KeptAction[];
}

/** What right-sizing says about one principal. */
export type Rightsizing =
  | (Judged & {
      status: 'proposed';
      /** What is decided about; null where no change can carry it yet, because policies would be made. */
      plan: Plan | null;
      policies: readonly PolicyChange[];
      removed: readonly string[];
      proof: Proof;
    })
  | (Judged & { status: 'nothing-to-remove' })
  | (Judged & { status: 'not-yet-decidable'; reason: Undecidable | 'no-proof' | 'over-quota'; detail: string });

/**
 * Judges every principal of an account, by ARN. Actions go only from statements that say which actions they allow, only
 * where a management trail would have shown their use, and only with a proof.
 */
export function rightsize(evidence: Evidence): readonly Rightsizing[] {
  const account = accountOf(evidence);
  const byArn = [...evidence.inventory.principals].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  const exchanged = new Set<string>();
  const rewritten = new Set<string>();
  for (;;) {
    const rewrite = rewriterOf(account, { exchanged, rewritten });
    const judged = byArn.map((principal) => judge(principal, account, rewrite));
    const stuck = judged.flatMap((each) => stuckParts(each, account, rewrite));
    if (stuck.length === 0) return judged;
    // Others reckon with the change of a policy that they share: where it is not proposed, it is not to be reckoned with.
    for (const { isExchanged, held } of stuck) (isExchanged ? exchanged : rewritten).add(held.policy.arn as string);
  }
}

/** Shared policies that would change with somebody for whom nothing is proposed, or could be exchanged by nobody. */
function stuckParts(judged: Rightsizing, { holdings }: Account, rewrite: Rewrite): Rewritten[] {
  if (judged.status === 'proposed') return [];
  const tried = judged.status === 'nothing-to-remove' || judged.reason === 'no-proof' || judged.reason === 'over-quota';
  if (!tried) return [];
  const shared = holdings
    .ownPolicies(judged.principal)
    .filter(({ kind, policy }) => kind === 'managed' && (holdings.holdersOf(policy.arn ?? '')?.length ?? 0) > 1);
  return shared
    .map((held) => rewrite(held, judged.principal, 'fine'))
    .filter(({ held, after }) => after !== held.policy.text)
    .filter(({ isExchanged }) => !isExchanged || judged.status !== 'nothing-to-remove');
}

function accountOf({ inventory, usage, cases, coverage, ...rest }: Evidence): Account {
  const { window, breakGlass, mayMakePolicies } = rest;
  const windowOf = rest.windowOf ?? (() => window);
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
    mayMakePolicies,
    pairRules: rest.pairRules ?? pairRules,
    shows: showing(trailTraits([...usage.values()].flat())),
    holdings: holdingsOf(inventory, mayMakePolicies),
    reach: rest.narrowResources ? byArn((principal) => reachOf(itemsOf(principal))) : new Map(),
    used: byArn((principal) => usedBy(itemsOf(principal), standingOf)),
    untouched: byArn((principal) =>
      untouchedServices(principal, {
        lastAccessed: rest.lastAccessed,
        window: windowOf(principal),
        resources: inventory.resources,
      }),
    ),
    windowOf,
    doubts: byArn((principal) => {
      const items = itemsOf(principal);
      return doubtAbout(principal, {
        breakGlass,
        window: windowOf(principal),
        gap: gapWords(inventory.account, windowOf(principal), coverage),
        seen: items.length > 0,
        days: daysOfUse(items),
        formerId: rest.formerIds?.get(principal.arn) ?? null,
      });
    }),
  };
}

/** Asked of thousands of actions for every principal, and always answered the same. */
function showing(trail: TrailTraits): Account['shows'] {
  const known = new Map<string, Observability>();
  return (action) => {
    const found = known.get(action) ?? observability(action, trail);
    known.set(action, found);
    return found;
  };
}

function gapWords(account: string, window: Window, coverage: Evidence['coverage']): string | undefined {
  if (coverage === 'vouched') return undefined;
  if (coverage.length === 0) return `there is no ingestion for account ${account}`;
  const gap = gapIn(window, coverage);
  return gap && `the trail of ${gap} is not complete`;
}

function judge(principal: PrincipalRecord, account: Account, rewrite: Rewrite): Rightsizing {
  const doubt = account.doubts.get(principal.arn);
  if (doubt) return { principal, status: 'not-yet-decidable', ...doubt, kept: [] };
  const { parts, policies } = fitting(principal, account, rewrite);
  const kept = distinctKept(parts.flatMap((part) => part.kept));
  const removed = removedBy(parts);
  if (removed.length === 0 && parts.every(({ moved }) => moved.length === 0)) {
    return { principal, status: 'nothing-to-remove', kept };
  }
  if (!policies) return undecided(principal, kept, 'over-quota');
  const proof = prove(policies, usedByAll([principal], account));
  if (!holds(proof) || !policies.every((policy) => keepsOthers(policy, account))) {
    return undecided(principal, kept, 'no-proof');
  }
  const edits = editsOf(policies, principal, account);
  const plan = edits && planOf(principal, account, { edits, removed, kept });
  return { principal, status: 'proposed', plan, policies, removed, kept, proof };
}

/**
 * The rewritten policies and the changes that carry them: as fine as the quotas allow. Where even few words are too many,
 * what grows most stays as it is.
 */
function fitting(principal: PrincipalRecord, account: Account, rewrite: Rewrite): Fitted {
  const held = account.holdings.ownPolicies(principal);
  const rewritten = (detail: Detail) => held.map((each) => rewrite(each, principal, detail));
  const packed = (parts: readonly Rewritten[]): Fitted => ({
    parts,
    policies: pack(principal, parts, account.mayMakePolicies),
  });
  const fine = packed(rewritten('fine'));
  if (fine.policies) return fine;
  let coarse = packed(rewritten('coarse'));
  while (!coarse.policies) {
    // A policy of several fits by itself, and the others reckon with it.
    const [largest] = coarse.parts
      .filter((part) => part.holders === 1 && growth(part) > 0)
      .sort((a, b) => growth(b) - growth(a));
    if (largest === undefined) return fine;
    coarse = packed(coarse.parts.map((part) => (part === largest ? whole(part.held, 'no-room') : part)));
  }
  return coarse;
}

interface Fitted {
  parts: readonly Rewritten[];
  /** undefined where they do not fit under the quotas. */
  policies: readonly PolicyChange[] | undefined;
}

/** By how many characters a policy grows. */
const growth = ({ held, after }: Rewritten): number =>
  after === null || after === held.policy.text ? 0 : sizeOf(after) - sizeOf(held.policy.text);

const details = {
  'over-quota': 'the smaller policies do not fit under the quotas of IAM',
  'no-proof': 'the smaller policies could not be proven to keep every use and to add nothing',
} as const;

const undecided = (principal: PrincipalRecord, kept: readonly KeptAction[], reason: keyof typeof details) => ({
  principal,
  status: 'not-yet-decidable' as const,
  reason,
  detail: details[reason],
  kept,
});

/** What really goes: an action that another policy of the principal will still allow was not removed. */
function removedBy(parts: readonly Rewritten[]): string[] {
  const { known, names } = actionNumbers();
  const gone = bitsFor(known);
  for (const { allowedBefore } of parts) unite(gone, allowedBefore);
  for (const { allowedAfter } of parts) subtract(gone, allowedAfter);
  const removed: string[] = [];
  eachBit(gone, (number) => removed.push(names[number] as string));
  return removed.sort();
}

/** The edits of slots that a change can carry; null where policies would be made or exchanged. */
function editsOf(
  policies: readonly PolicyChange[],
  principal: PrincipalRecord,
  { id }: Account,
): readonly Edit[] | null {
  if (policies.some(({ arn, before, after }) => arn !== null && (before === null || after === null))) return null;
  return policies.map(({ name, arn, before, after }) => ({
    slot:
      arn === null
        ? { type: 'inline-policy', account: id, principal: principal.arn, name }
        : { type: 'managed-policy', account: id, policy: arn },
    before,
    after,
  }));
}

/** Whether a policy of several still allows what any of them did. */
function keepsOthers({ kind, arn, before, after }: PolicyChange, account: Account): boolean {
  if (kind !== 'managed' || arn === null || before === null || after === null) return true;
  const holders = account.holdings.holdersOf(arn) ?? [];
  return holders.length < 2 || holds(prove([{ before, after }], usedByAll(holders, account)));
}

/** What any of them did, and what a case has not settled yet. */
const usedByAll = (principals: readonly PrincipalRecord[], account: Account): RecordedUse => {
  const merged = new Map<string, readonly string[] | null>();
  for (const { arn } of principals) {
    const used = account.used.get(arn);
    for (const action of used ? [...used.actions, ...used.contested] : []) {
      const on = account.reach.get(arn)?.get(action) ?? null;
      const earlier = merged.get(action);
      merged.set(action, on === null || earlier === null ? null : [...(earlier ?? []), ...on]);
    }
  }
  return merged;
};

function planOf(
  principal: PrincipalRecord,
  account: Account,
  { edits, removed, kept }: { edits: readonly Edit[]; removed: readonly string[]; kept: readonly KeptAction[] },
): Plan {
  const window = account.windowOf(principal);
  return {
    kind: 'rightsizing',
    account: account.id,
    target: principal.arn,
    edits,
    terms: {
      kind: 'rightsizing',
      removed,
      kept: kept.map(({ action, why }) => (why === 'used' ? action : `${action} (${why})`)),
      window: { from: startOf(window), to: endOf(window) },
    },
  };
}
