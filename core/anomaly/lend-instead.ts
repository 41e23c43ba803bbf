import type { Person, Refusal } from '../approvals/rules.ts';
import { withRefused } from '../audit/refused-clicks.ts';
import { beneficiaryTag, termsRefusal } from '../changes/lending.ts';
import { type Configuration, deploymentOf } from '../configuration.ts';
import { parseIamArn } from '../identity/iam-arn.ts';
import type { Inventory } from '../identity/inventory.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Instant } from '../time.ts';
import type { LedgerItem } from '../usage/item.ts';
import { answerDigest } from './answerable.ts';
import { type CaseStep, stepOf } from './answered.ts';
import type { Case } from './case.ts';

/** Why nothing can be lent instead, or why a click that asks for it does not count. */
export type LendInsteadRefusal =
  | 'nobody-to-lend-to'
  | 'nothing-to-lend'
  | 'no-carrier'
  | 'asked-already'
  | Extract<Refusal, 'unknown-person' | 'not-pending' | 'digest-mismatch'>;

/** What could be lent instead of being kept, and to whom. */
export interface LoanInstead {
  beneficiary: Person;
  /** What the actor used for the first time, as far as it may be lent at all; ascending. */
  actions: readonly string[];
}

/** Whether the case is about somebody who can be lent something, and what; where it would go is another question. */
export function loanInsteadOf(
  told: Pick<Case, 'actor' | 'first' | 'reasons'>,
  people: readonly Person[],
): Result<LoanInstead, LendInsteadRefusal> {
  const beneficiary = people.find(({ actors }) => actors.includes(told.actor));
  if (beneficiary === undefined) return fail('nobody-to-lend-to');
  const used = told.first.flatMap(({ kind, action }) => (kind === 'action' && action !== undefined ? [action] : []));
  const actions = [...new Set(used)].filter((action) => isLendable(action) && !wasOnlyTried(told, action)).sort();
  return actions.length === 0 ? fail('nothing-to-lend') : ok({ beneficiary, actions });
}

/** What was denied was not done, and nobody need keep it. Reasons are the heaviest only; the ledger tells the rest. */
function wasOnlyTried({ reasons }: Pick<Case, 'reasons'>, action: string): boolean {
  const told = reasons.filter(({ facet }) => facet.kind === 'action' && facet.action === action);
  return told.length > 0 && told.every(({ kind }) => kind === 'denied');
}

/** Judged as a request for this action alone would be. */
const isLendable = (action: string): boolean =>
  termsRefusal(
    { kind: 'lending', actions: [action], resources: ['*'], duration: 3600, reason: 'judged' },
    { maxHours: 1 },
  ) === undefined;

/** Whether this very case, as it is shown now, was asked to be lent. */
export const isAskedFor = (told: Case): boolean => told.lending?.digest === answerDigest(told);

/** What a request would name. */
export interface LoanScope {
  actions: readonly string[];
  resources: readonly string[];
}

/**
 * The least that covers what happened. Where the record names what an action was used on, exactly that, and nothing
 * whose things are not named: they would have to be lent on everything. Where it names nothing at all, everything. What
 * was only denied is left out; undefined: that was all of it.
 */
export function scopeOf(told: Case, wanted: readonly string[], items: readonly LedgerItem[]): LoanScope | undefined {
  const own = items.filter(({ actor }) => actor === told.actor);
  const rows = own.filter(({ kind }) => kind === 'action');
  const actions = wanted.filter((name) => {
    const outcomes = rows.filter(({ action }) => action === name).map(({ outcome }) => outcome);
    return outcomes.length === 0 || outcomes.some((outcome) => outcome !== 'denied');
  });
  if (actions.length === 0) return undefined;
  return { actions, resources: ['*'], ...onThings(told, actions, own) };
}

/** Exactly what was touched in the session, where anything is known of it. */
function onThings(told: Case, actions: readonly string[], items: readonly LedgerItem[]): LoanScope | undefined {
  const things = new Map<string, readonly string[]>();
  for (const { kind, action, outcome, entries } of items) {
    if (kind !== 'resource' || outcome === 'denied' || action === null || !actions.includes(action)) continue;
    const touched = [...entries].filter(([, { first }]) => first.time >= told.from && first.time <= told.to);
    const named = touched.map(([value]) => value).filter((value) => value.startsWith('arn:'));
    if (named.length > 0) things.set(action, [...(things.get(action) ?? []), ...named]);
  }
  if (things.size === 0) return undefined;
  return { actions: [...things.keys()].sort(), resources: [...new Set([...things.values()].flat())].sort() };
}

/**
 * What can carry the loan: the identity itself where it is the person's own, else the one role that is given to this
 * person in the case's account, else a role of its own where the configuration lets them be made.
 */
export function carrierFor(
  told: Pick<Case, 'actor' | 'accounts'>,
  beneficiary: Person,
  inventory: Inventory | undefined,
  configuration: Pick<Configuration, 'accounts' | 'deployment'>,
): string | undefined {
  const [account, ...more] = told.accounts;
  if (account === undefined || more.length > 0) return undefined;
  if (!configuration.accounts.some(({ id }) => id === account)) return undefined;
  const own = parseIamArn(told.actor);
  if (own?.type === 'user') return own.account === account ? told.actor : undefined;
  const given = (inventory?.principals ?? []).filter(
    ({ type, tags }) => type === 'role' && tags[beneficiaryTag] === beneficiary.id,
  );
  if (given.length === 1) return given[0]?.arn;
  return deploymentOf(configuration).leaseRoles ? `account:${account}` : undefined;
}

/** Somebody's click: who, when, about what was shown. */
export interface LendingClick {
  by: string;
  at: Instant;
  /** `answerDigest` of what was shown. */
  digest: string;
}

/** Somebody asked; the request is decided on its own, and the case stays open. */
export const lendingAsked = (told: Case, { by, at, digest }: LendingClick, change: string): CaseStep =>
  stepOf(told, { lending: { by, at, digest, change } }, { type: 'case.lending-asked', by, at, data: { change } });

/** A click that asked for nothing, kept. `key` names the click. */
export const lendingRefused = (
  told: Case,
  { by, at }: LendingClick,
  refusal: LendInsteadRefusal,
  key: string,
): CaseStep => stepOf(told, withRefused(told, key), { type: 'case.lending-refused', by, at, data: { refusal } });
