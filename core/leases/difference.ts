import { findAction } from '../catalogue/catalogue.ts';
import { type PrivilegeClass, privilegeClasses, privilegeClassOf } from '../catalogue/privilege-class.ts';
import type { LendingTerms } from '../changes/lending.ts';
import type { Day } from '../time.ts';

/** What a loan adds to what its carrier may do anyway. */
export interface LoanDifference {
  /** Actions that are new on some of the resources, by what they are worth to whoever misuses them, worst first. */
  fresh: readonly { class: PrivilegeClass; actions: readonly string[] }[];
  /** Actions that the carrier may do on all of them without the loan; null: nobody asked. */
  already: readonly string[] | null;
}

/** The difference that approving makes; access that is allowed anyway makes none. */
export function loanDifference({ actions, resources, already }: LendingTerms): LoanDifference {
  const pairs = new Set(already);
  const isKnown = (action: string) => resources.every((resource) => pairs.has(`${action} on ${resource}`));
  const kept = already === undefined ? null : actions.filter(isKnown);
  const fresh = actions.filter((action) => !kept?.includes(action));
  return {
    already: kept,
    fresh: [...privilegeClasses]
      .reverse()
      .map((name) => ({ class: name, actions: fresh.filter((action) => privilegeClassOf(action) === name) }))
      .filter((each) => each.actions.length > 0),
  };
}

/** What whoever asks for this had of it before. */
export interface LoanHistory {
  /** How often some of these actions were lent to them, and the last day. */
  lent: number;
  last: Day | null;
  /** How often it was denied to them, or nobody answered. */
  denied: number;
  /** Of these actions those that the ledger saw used under such loans; null: none of the loans is over. */
  used: readonly string[] | null;
  /** What these loans were on, where they named things. */
  resources: readonly string[];
}

/** Less that would do, as far as is known. */
export interface Narrower {
  actions: readonly string[];
  resources: readonly string[];
  /** Why less would do, in sentences. */
  why: readonly string[];
}

/**
 * A narrower loan that would do by all that is known: without what is allowed anyway, without what was lent before and
 * never used, and on the things that it was on before instead of everything. undefined: nothing narrower is known.
 */
export function narrowerLoan(terms: LendingTerms, history: LoanHistory | undefined): Narrower | undefined {
  const why: string[] = [];
  const { already } = loanDifference(terms);
  let actions = terms.actions.filter((action) => !already?.includes(action));
  if (already && already.length > 0 && actions.length > 0) why.push(`${already.join(', ')}: allowed without it.`);
  const used = history?.used ?? [];
  if (used.length > 0 && actions.some((action) => used.includes(action))) {
    const idle = actions.filter((action) => !used.includes(action));
    actions = actions.filter((action) => used.includes(action));
    if (idle.length > 0) why.push(`${idle.join(', ')}: not used when it was lent before.`);
  }
  const resources = narrowerResources(terms, actions, history);
  if (resources !== terms.resources) why.push('It was on named things before, and asks for everything now.');
  return why.length === 0 || actions.length === 0 ? undefined : { actions, resources, why };
}

/** Everything is asked for, although each action can be lent on things, and was. */
function narrowerResources(
  { resources }: LendingTerms,
  actions: readonly string[],
  history: LoanHistory | undefined,
): readonly string[] {
  const named = history?.resources.filter((resource) => resource !== '*') ?? [];
  if (!resources.includes('*') || named.length === 0) return resources;
  return actions.every((action) => (findAction(action)?.resourceTypes.length ?? 0) > 0) ? named : resources;
}
