import { findAction } from '../catalogue/catalogue.ts';
import type { Edit } from '../changes/change.ts';
import type { PrincipalRecord } from '../identity/inventory.ts';
import { coversAction } from '../policy/match.ts';
import type { PolicyDocument } from '../policy/statement.ts';
import type { HeldPolicy, Holdings } from './account.ts';
import { observability, type TrailTraits } from './observable.ts';
import { isReducible, type Reduction, reduce } from './reduce.ts';
import type { Doubt } from './standing.ts';
import type { Used } from './usage.ts';
import type { Window } from './window.ts';

/** Why an action stays, or a policy as a whole. */
type Kept =
  | 'used'
  | 'open-case'
  | 'unobservable'
  | 'unknown-action'
  | 'unmapped-use'
  | 'also-granted'
  | 'not-exact'
  | 'shared'
  | 'would-be-empty'
  | 'invalid-policy';

export interface KeptAction {
  /** As written; for a whole policy its name. */
  action: string;
  why: Kept;
}

/** What the policies of an account are judged by. */
export interface Account {
  id: string;
  window: Window;
  trail: TrailTraits;
  holdings: Holdings;
  /** By principal ARN. */
  used: ReadonlyMap<string, Used>;
  doubts: ReadonlyMap<string, Doubt | undefined>;
}

/** What becomes of one policy. */
export interface Rewritten {
  /** null: it stays as it is. */
  edit: Edit | null;
  removed: readonly string[];
  kept: readonly KeptAction[];
  /** Whether it allows the action once everything that is proposed anywhere is applied. */
  stillAllows(action: string): boolean;
}

/** Takes from a principal's policy what nobody who holds it used. What is found of a shared policy is found once. */
export function rewriterOf(account: Account): (held: HeldPolicy, principal: PrincipalRecord) => Rewritten {
  const shared = new Map<string, Judged | Kept>();
  const judgeManaged = (document: PolicyDocument, arn: string): Judged | Kept => {
    const known = shared.get(arn);
    if (known) return known;
    const holders = account.holdings.holdersOf(arn);
    const judgeable = holders !== null && !holders.some((holder) => account.doubts.get(holder.arn));
    const judged = judgeable ? judge(document, holders, account) : 'shared';
    const verdict = judged !== 'shared' && judged.after === null ? 'would-be-empty' : judged;
    shared.set(arn, verdict);
    return verdict;
  };

  return (held, principal) => {
    const { policy, kind, document } = held;
    if (!document) return whole(policy.name, 'invalid-policy', () => false);
    const judged = kind === 'inline' ? judge(document, [principal], account) : judgeManaged(document, policy.arn ?? '');
    if (typeof judged === 'string') return whole(policy.name, judged, (action) => allows(document, action));
    const stillAllows = (action: string) => allows(document, action, (each) => judged.why(each) === undefined);
    // A policy of several is rewritten once, with the first of them.
    if (judged.first !== principal.arn) return whole(policy.name, 'shared', stillAllows);
    const edit = { slot: slotOf(held, principal, account), before: policy.text, after: judged.after };
    return {
      edit: judged.removed.length === 0 ? null : edit,
      removed: judged.removed.map((action) => findAction(action)?.action ?? action),
      kept: keptIn(document, judged.why),
      stillAllows,
    };
  };
}

/** What its holders' use makes of a policy. */
interface Judged extends Reduction {
  /** undefined: the action may go. */
  why(action: string): Kept | undefined;
  /** ARN of the first of the holders. */
  first: string | undefined;
}

function judge(document: PolicyDocument, holders: readonly PrincipalRecord[], account: Account): Judged {
  const known = new Map<string, Kept | undefined>();
  const why = (action: string): Kept | undefined => {
    if (!known.has(action)) known.set(action, whyKept(action, holders, account));
    return known.get(action);
  };
  const [first] = holders.map(({ arn }) => arn).sort();
  return { ...reduce(document, (action) => why(action) === undefined), why, first };
}

const whole = (name: string, why: Kept, stillAllows: Rewritten['stillAllows']): Rewritten => ({
  edit: null,
  removed: [],
  kept: [{ action: name, why }],
  stillAllows,
});

const allows = (
  document: PolicyDocument,
  action: string,
  isRemovable: (action: string) => boolean = () => false,
): boolean =>
  document.statements.some(
    (statement) =>
      statement.effect === 'Allow' &&
      coversAction(statement, action) &&
      !(isReducible(statement) && isRemovable(action)),
  );

function keptIn(document: PolicyDocument, why: (action: string) => Kept | undefined): KeptAction[] {
  const entries = document.statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) =>
      statement.actions.patterns.map((action) => ({
        action,
        why: isReducible(statement) ? why(action) : ('not-exact' as const),
      })),
    );
  return entries.filter((entry): entry is KeptAction => entry.why !== undefined);
}

/** undefined: nothing speaks for the action. */
function whyKept(action: string, holders: readonly PrincipalRecord[], account: Account): Kept | undefined {
  const service = action.slice(0, action.indexOf(':')).toLowerCase();
  const uses = holders.map(({ arn }) => account.used.get(arn) as Used);
  if (uses.some((used) => used.actions.has(action.toLowerCase()))) return 'used';
  if (uses.some((used) => used.contested.has(action.toLowerCase()))) return 'open-case';
  const shown = observability(action, account.trail);
  if (shown !== 'observable') return shown;
  if (uses.some((used) => used.unmapped.has(service))) return 'unmapped-use';
  return holders.some((holder) => account.holdings.isAlsoGranted(holder, action)) ? 'also-granted' : undefined;
}

const slotOf = ({ policy, kind }: HeldPolicy, principal: PrincipalRecord, account: Account): Edit['slot'] =>
  kind === 'inline'
    ? { type: 'inline-policy', account: account.id, principal: principal.arn, name: policy.name }
    : { type: 'managed-policy', account: account.id, policy: policy.arn ?? '' };
