import { actionNumbers } from '../access/compiled/action-numbers.ts';
import { type Bits, eachBit, subtract } from '../access/compiled/bits.ts';
import type { PrincipalRecord } from '../identity/inventory.ts';
import type { PolicyDocument } from '../policy/statement.ts';
import type { HeldPolicy, Holdings } from './account.ts';
import { isDangerous } from './danger.ts';
import { allowedBy } from './granted.ts';
import { isUntouched } from './last-accessed.ts';
import type { Detail, Kept, KeptAction } from './narrow.ts';
import type { Observability } from './observable.ts';
import { type PairRule, partnerOf } from './paired.ts';
import { parsedPolicy } from './parsed-policy.ts';
import { quotas, sizeOf } from './quotas.ts';
import { type Reach, reachOfAll } from './reach.ts';
import { reduce } from './reduce.ts';
import type { Doubt } from './standing.ts';
import type { Used } from './usage.ts';
import type { Window } from './window.ts';

/** What the policies of an account are judged by. */
export interface Account {
  id: string;
  windowOf(principal: PrincipalRecord): Window;
  mayMakePolicies: boolean;
  pairRules: readonly PairRule[];
  /** How the use of an action would show in the account's trail. */
  shows(action: string): Observability;
  holdings: Holdings;
  /** By principal ARN. */
  used: ReadonlyMap<string, Used>;
  /** On what it was used, where resources are narrowed; empty where they are not. */
  reach: ReadonlyMap<string, Reach>;
  /** Services that a principal surely did not touch, by IAM's own account of it. */
  untouched: ReadonlyMap<string, ReadonlySet<string>>;
  doubts: ReadonlyMap<string, Doubt | undefined>;
}

/** What becomes of one policy. */
export interface Rewritten {
  held: HeldPolicy;
  /** The text once rewritten, null where no statement is left; the text as it was where it stays. */
  after: string | null;
  kept: readonly KeptAction[];
  /** Actions that go on on fewer resources. */
  moved: readonly string[];
  /** How many principals hold it. */
  holders: number;
  /** Whether it is taken from this principal alone, and what stays of it stands in policies that are made for it. */
  isExchanged: boolean;
  /** The catalogue's actions that it allows now, and once everything that is proposed anywhere is applied. */
  allowedBefore: Bits;
  allowedAfter: Bits;
}

/** Rewrites one policy that a principal holds. */
export type Rewrite = (held: HeldPolicy, principal: PrincipalRecord, detail: Detail) => Rewritten;

/** ARNs of shared policies for which something was tried that their holders could not carry. */
export interface Tried {
  /** It cannot be exchanged for policies of each holder's own. */
  exchanged: ReadonlySet<string>;
  /** It stays as it is. */
  rewritten: ReadonlySet<string>;
}

/**
 * Takes from a principal's policy what nobody who holds it used. What is found of a shared policy is found once, as finely
 * as one policy holds it. Where that would leave somebody something dangerous that only others use, each holder gets
 * policies of its own instead, and the shared text stays as it is: so nobody reckons with a change that somebody else has
 * to bring.
 */
export function rewriterOf(account: Account, tried: Tried): Rewrite {
  const shared = new Map<string, Judged | Kept>();
  const judgeShared = (document: PolicyDocument, arn: string, holders: readonly PrincipalRecord[] | null) => {
    const known = shared.get(arn);
    if (known) return known;
    const judgeable = holders !== null && !holders.some((holder) => account.doubts.get(holder.arn));
    const verdict = judgeable && !tried.rewritten.has(arn) ? judgeForAll(document, holders, account) : 'shared';
    shared.set(arn, verdict);
    return verdict;
  };
  const exchanged = new Map<string, boolean>();
  const isExchanged = (document: PolicyDocument, arn: string, holders: readonly PrincipalRecord[]): boolean => {
    if (!account.mayMakePolicies || tried.exchanged.has(arn)) return false;
    const known = exchanged.get(arn);
    if (known !== undefined) return known;
    const verdict = judgeShared(document, arn, holders);
    const left = typeof verdict === 'string' ? allowedBy(document.statements) : verdict.allowedAfter;
    const found = holders
      .filter((holder) => !account.doubts.get(holder.arn))
      .some((holder) => isDangerousWithout(left, judge(document, [holder], account, 'fine').allowedAfter));
    exchanged.set(arn, found);
    return found;
  };

  return (held, principal, detail) => {
    const { policy, kind, document } = held;
    if (!document) return whole(held, 'invalid-policy');
    const arn = policy.arn ?? '';
    const holders = kind === 'managed' ? account.holdings.holdersOf(arn) : [principal];
    if (holders !== null && holders.length > 1 && isExchanged(document, arn, holders)) {
      return { ...judge(document, [principal], account, detail), held, isExchanged: true };
    }
    const judged =
      holders?.length === 1
        ? notEmpty(judge(document, holders, account, detail), kind)
        : judgeShared(document, arn, holders);
    if (typeof judged === 'string') return whole(held, judged);
    const { kept, allowedAfter } = judged;
    // A policy of several is rewritten once, with the first of them.
    if (judged.first !== principal.arn) {
      const left = whole(held, 'shared');
      return { ...left, kept: [...left.kept, ...kept], allowedBefore: allowedAfter, allowedAfter };
    }
    return { ...judged, held, isExchanged: kind === 'aws-managed' };
  };
}

/** Whether the first allow something dangerous that the second do not. */
function isDangerousWithout(left: Bits, own: Bits): boolean {
  const { names } = actionNumbers();
  const gone = left.slice();
  subtract(gone, own);
  let found = false;
  eachBit(gone, (number) => {
    found ||= isDangerous(names[number] as string);
  });
  return found;
}

/** What does not fit into a policy of several would have to be attached to all of them, so it is said in fewer words. */
function judgeForAll(document: PolicyDocument, holders: readonly PrincipalRecord[], account: Account): Judged | Kept {
  for (const detail of ['fine', 'coarse'] as const) {
    const judged = notEmpty(judge(document, holders, account, detail), 'managed');
    if (typeof judged === 'string' || sizeOf(judged.after as string) <= quotas.managed) return judged;
  }
  return 'no-room';
}

/** A managed policy of the account cannot be empty, and is not taken from its holders. */
const notEmpty = (judged: Judged, kind: HeldPolicy['kind']): Judged | Kept =>
  kind === 'managed' && judged.after === null ? 'would-be-empty' : judged;

/** What its holders' use makes of a policy. */
interface Judged extends Omit<Rewritten, 'held' | 'isExchanged'> {
  /** ARN of the first of the holders. */
  first: string | undefined;
}

function judge(
  document: PolicyDocument,
  holders: readonly PrincipalRecord[],
  account: Account,
  detail: Detail,
): Judged {
  const known = new Map<string, Kept | undefined>();
  const why = (action: string): Kept | undefined => {
    if (!known.has(action)) known.set(action, whyKept(action, holders, account));
    return known.get(action);
  };
  const [first] = holders.map(({ arn }) => arn).sort();
  const usedOn = (action: string) => (detail === 'fine' ? placesOf(action, holders, account) : null);
  const { after, kept, moved } = reduce(document, why, usedOn, detail);
  const allowedBefore = allowedBy(document.statements);
  return {
    first,
    after,
    kept,
    moved,
    holders: holders.length,
    allowedBefore,
    allowedAfter: after === document.text ? allowedBefore : allowedBy(parsedPolicy(after)?.statements ?? []),
  };
}

/** The policy as it is. */
export function whole(held: HeldPolicy, why: Kept): Rewritten {
  const allowed = allowedBy(held.document?.statements ?? []);
  return {
    held,
    after: held.policy.text,
    kept: [{ action: held.policy.name, why }],
    moved: [],
    holders: 1,
    isExchanged: false,
    allowedBefore: allowed,
    allowedAfter: allowed,
  };
}

const untouchedBy = (arn: string, { untouched }: Account): ReadonlySet<string> => untouched.get(arn) ?? new Set();

/** On what all holders together surely used the action, and nothing else. */
const placesOf = (action: string, holders: readonly PrincipalRecord[], { used, reach }: Account) => {
  const lower = action.toLowerCase();
  const facts = holders.map(({ arn }) => ({
    used: (used.get(arn) as Used).actions.has(lower),
    reach: reach.get(arn) ?? (new Map() as Reach),
  }));
  return reachOfAll(lower, facts);
};

/** undefined: nothing speaks for the action. */
function whyKept(action: string, holders: readonly PrincipalRecord[], account: Account): Kept | undefined {
  const lower = action.toLowerCase();
  const service = lower.slice(0, lower.indexOf(':'));
  const uses = holders.map(({ arn }) => account.used.get(arn) as Used);
  const users = uses.filter((used) => used.actions.has(lower));
  if (users.length > 0) return users.every((used) => used.probed.has(lower)) ? 'probed' : 'used';
  if (uses.some((used) => used.contested.has(lower))) return 'open-case';
  const shown = account.shows(action);
  const isUnused = shown === 'observable' || holders.every(({ arn }) => isUntouched(action, untouchedBy(arn, account)));
  if (!isUnused) return shown;
  if (uses.some((used) => used.unmapped.has(service))) return 'unmapped-use';
  const partner = partnerOf(action, account.pairRules);
  if (partner !== undefined && uses.some((used) => used.actions.has(partner))) return 'paired';
  return holders.some((holder) => account.holdings.isAlsoGranted(holder, action)) ? 'also-granted' : undefined;
}
