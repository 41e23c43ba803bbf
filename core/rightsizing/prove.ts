import { canonicalJson } from '../audit/canonical.ts';
import { allActions } from '../catalogue/catalogue.ts';
import { isExact, matchesAction } from '../policy/match.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Statement } from '../policy/statement.ts';

export interface Proof {
  /** Recorded actions that the policies allowed before. */
  used: number;
  /** How many of those are allowed after, on the same resources and under the same conditions. */
  allowed: number;
  /** Actions of the whole catalogue that the policies allow after and did not before, or no longer deny. */
  newAccess: number;
}

/** A policy's text before and after; null after: it is removed. */
export interface Rewrite {
  before: string;
  after: string | null;
}

export const holds = (proof: Proof): boolean => proof.used === proof.allowed && proof.newAccess === 0;

/**
 * Reads both texts anew and compares them action by action, knowing nothing of how the one was made from the other. An
 * action's grants are the (effect, resources, conditions) of the statements that cover it: where these are the same,
 * the answer is the same under every context. A text that cannot be read proves nothing.
 */
export function prove(rewrites: readonly Rewrite[], used: ReadonlySet<string>): Proof {
  const before = compile(rewrites.map((rewrite) => rewrite.before));
  const after = compile(rewrites.flatMap((rewrite) => rewrite.after ?? []));
  if (!before || !after) return { used: 1, allowed: 0, newAccess: 1 };
  const [old, fresh] = withoutShared(before, after);
  let newAccess = 0;
  for (const action of universe([...old, ...fresh], used)) if (widens(old, fresh, action)) newAccess += 1;
  const relevant = [...used].filter((action) => before.some((grant) => grant.allows && grant.covers(action)));
  return {
    used: relevant.length,
    allowed: relevant.filter((action) => !narrows(old, fresh, action)).length,
    newAccess,
  };
}

interface Grant {
  allows: boolean;
  /** What it says apart from the actions. */
  terms: string;
  /** What it says, the actions too. */
  all: string;
  exact: ReadonlySet<string>;
  /** Names exact actions and nothing else. */
  isPlain: boolean;
  covers(action: string): boolean;
}

function compile(texts: readonly string[]): Grant[] | undefined {
  const grants: Grant[] = [];
  for (const text of texts) {
    const parsed = parsePolicy(text);
    if (!parsed.ok) return undefined;
    grants.push(...parsed.value.statements.map((statement) => grantOf(statement, parsed.value.version)));
  }
  return grants;
}

function grantOf({ effect, actions, resources, principals, conditions }: Statement, version: string): Grant {
  const lower = actions.patterns.map((pattern) => pattern.toLowerCase());
  const exact = new Set(lower.filter(isExact));
  const wild = lower.filter((pattern) => !isExact(pattern));
  const who = principals && { not: principals.not, who: principals.who === '*' ? '*' : [...principals.who] };
  const terms = canonicalJson({ version, effect, resources, who, conditions });
  return {
    allows: effect === 'Allow',
    terms,
    all: `${terms}${actions.not}${canonicalJson(lower)}`,
    exact,
    isPlain: wild.length === 0 && !actions.not,
    covers: (action) => (exact.has(action) || wild.some((pattern) => matchesAction(pattern, action))) !== actions.not,
  };
}

/** Statements that stand on both sides word for word grant the same on both. */
function withoutShared(before: readonly Grant[], after: readonly Grant[]): [Grant[], Grant[]] {
  const inBefore = new Set(before.map((grant) => grant.all));
  const inAfter = new Set(after.map((grant) => grant.all));
  return [before.filter((grant) => !inAfter.has(grant.all)), after.filter((grant) => !inBefore.has(grant.all))];
}

/**
 * Every action that the grants could treat differently, in lower case: those that they name and those that were used,
 * and, as soon as one of them speaks in patterns or of everything but, every action there is.
 */
function universe(grants: readonly Grant[], used: ReadonlySet<string>): Iterable<string> {
  const named = new Set([...grants.flatMap((grant) => [...grant.exact]), ...used]);
  return grants.every((grant) => grant.isPlain) ? named : new Set([...everyAction(), ...named]);
}

let lowerCase: readonly string[] | undefined;

function everyAction(): readonly string[] {
  lowerCase ??= allActions().map((action) => action.toLowerCase());
  return lowerCase;
}

const termsFor = (grants: readonly Grant[], action: string, allows: boolean): Set<string> =>
  new Set(grants.filter((grant) => grant.allows === allows && grant.covers(action)).map((grant) => grant.terms));

const within = (inner: ReadonlySet<string>, outer: ReadonlySet<string>): boolean =>
  [...inner].every((terms) => outer.has(terms));

const widens = (before: readonly Grant[], after: readonly Grant[], action: string): boolean =>
  !within(termsFor(after, action, true), termsFor(before, action, true)) ||
  !within(termsFor(before, action, false), termsFor(after, action, false));

const narrows = (before: readonly Grant[], after: readonly Grant[], action: string): boolean =>
  widens(after, before, action);
