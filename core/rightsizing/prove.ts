import { actionNumbers } from '../access/compiled/action-numbers.ts';
import { type Bits, bitsFor, countBits, hasBit, subtract, unite } from '../access/compiled/bits.ts';
import { canonicalJson } from '../audit/canonical.ts';
import { isExact, matchesAction } from '../policy/match.ts';
import { addActions } from './granted.ts';
import { actionsOfPattern } from './pattern-actions.ts';
import { actionLiesWithin, resourceLiesWithin, resourcesLieWithin, type Terms, termsIn } from './terms.ts';

export interface Proof {
  /** Recorded actions that the policies allowed before. */
  used: number;
  /** How many of those are allowed after, on what they were used on and under the same conditions. */
  allowed: number;
  /**
   * Actions of the whole catalogue that the policies allow after and did not before, or no longer deny; and patterns that
   * lie in no pattern of before, since they would cover what AWS adds tomorrow.
   */
  newAccess: number;
}

/** A policy's text before and after; null: it is made, or removed. */
export interface Rewrite {
  before: string | null;
  after: string | null;
}

/** Recorded actions in lower case, each with the resources that it was used on: null where not all of them are known. */
export type RecordedUse = ReadonlyMap<string, readonly string[] | null>;

export const holds = (proof: Proof): boolean => proof.used === proof.allowed && proof.newAccess === 0;

/**
 * Reads the texts anew and compares them, knowing nothing of how the ones were made from the others. Sufficiency: wherever
 * an Allow covered a recorded use, one with the same conditions covers it after, and no Deny is new. No new access: every
 * Allow after has parents before, with the same conditions, whose resources contain its own and whose actions together
 * contain its own; every Deny of before is there. So the answer is the same, or a denial, under every context. A
 * text that cannot be read proves nothing.
 */
export function prove(rewrites: readonly Rewrite[], used: RecordedUse): Proof {
  const before = sideOf(rewrites.flatMap((rewrite) => rewrite.before ?? []));
  const after = sideOf(rewrites.flatMap((rewrite) => rewrite.after ?? []));
  if (!before || !after) return { used: 1, allowed: 0, newAccess: 1 };
  const relevant = [...used].filter(([action]) => before.some(({ terms, covers }) => terms.allows && covers(action)));
  return {
    used: relevant.length,
    allowed: relevant.filter(([action, on]) => isStillAllowed(action, on, before, after)).length,
    newAccess: addedActions(before, after, strangersIn([...before, ...after])) + lostDenials(before, after),
  };
}

/** One (effect, resources, conditions) of a side, and which actions it speaks of. */
interface Grant {
  terms: Terms;
  bits: Bits;
  /** Of an action in lower case, known to the catalogue or not. */
  covers(action: string): boolean;
}

function sideOf(texts: readonly string[]): readonly Grant[] | undefined {
  const terms = termsIn(texts);
  return terms && [...terms.values()].map(grantOf);
}

function grantOf(terms: Terms): Grant {
  const bits = bitsFor(actionNumbers().known);
  for (const actions of terms.actions) addActions(bits, actions);
  const coversName = (name: string) =>
    terms.actions.some(({ not, patterns }) => patterns.some((pattern) => matchesAction(pattern, name)) !== not);
  return {
    terms,
    bits,
    covers: (action) => {
      const number = actionNumbers().byName.get(action);
      return number === undefined ? coversName(action) : hasBit(bits, number);
    },
  };
}

/** Names and patterns of which the catalogue knows nothing; they are compared one by one. */
function strangersIn(grants: readonly Grant[]): string[] {
  const patterns = new Set(grants.flatMap(({ terms }) => terms.actions.flatMap((each) => each.patterns)));
  const unknown = [...patterns].filter((pattern) => actionsOfPattern(pattern).length === 0);
  return [...new Set(unknown.map((pattern) => pattern.toLowerCase()))];
}

function isStillAllowed(
  action: string,
  on: readonly string[] | null,
  before: readonly Grant[],
  after: readonly Grant[],
): boolean {
  const speaking = after.filter(({ covers }) => covers(action));
  const isDeniedAnew = speaking.some(
    ({ terms }) =>
      !terms.allows && !before.some((old) => !old.terms.allows && old.terms.key === terms.key && old.covers(action)),
  );
  if (isDeniedAnew) return false;
  const allowing = speaking.filter(({ terms }) => terms.allows);
  return before
    .filter(({ terms, covers }) => terms.allows && covers(action))
    .every(({ terms }) => {
      if (allowing.some((each) => each.terms.key === terms.key)) return true;
      return on !== null && keeps(terms, on, allowing);
    });
}

/** Whether each of the resources that the old terms reached is reached under the same conditions. */
function keeps(old: Terms, on: readonly string[], allowing: readonly Grant[]): boolean {
  // What a variable or an exception covers depends on who asks.
  if (old.resources === null || old.resources.not || old.resources.patterns.some((each) => each.includes('${'))) {
    return false;
  }
  const kept = allowing.filter(({ terms }) => terms.circumstances === old.circumstances);
  return on.every((resource) => {
    if (!isExact(resource) && !reaches(old, resource)) return false;
    return !reaches(old, resource) || kept.some(({ terms }) => reaches(terms, resource));
  });
}

const reaches = ({ resources }: Terms, resource: string): boolean =>
  resources !== null && !resources.not && resources.patterns.some((pattern) => resourceLiesWithin(resource, pattern));

/** Actions, names and patterns of an Allow that no parents of it contain. */
function addedActions(before: readonly Grant[], after: readonly Grant[], names: readonly string[]): number {
  const added = bitsFor(actionNumbers().known);
  const others = new Set<string>();
  let stray = 0;
  for (const { terms, bits, covers } of after.filter((each) => each.terms.allows)) {
    const parents = before.filter((old) => isParent(old.terms, terms));
    const grown = bits.slice();
    for (const parent of parents) subtract(grown, parent.bits);
    unite(added, grown);
    for (const name of names) if (covers(name) && !parents.some((parent) => parent.covers(name))) others.add(name);
    stray += strayPatterns(terms, parents);
  }
  return countBits(added) + others.size + stray;
}

const isParent = (old: Terms, fresh: Terms): boolean =>
  old.allows && old.circumstances === fresh.circumstances && resourcesLieWithin(fresh.resources, old.resources);

/** Wildcards that lie in no pattern of a parent, and exceptions (NotAction) that no parent makes in the same words. */
function strayPatterns(terms: Terms, parents: readonly Grant[]): number {
  const old = parents.flatMap((parent) => parent.terms.actions);
  // Nothing but a wildcard contains one.
  const known = old.filter(({ not }) => !not).flatMap(({ patterns }) => patterns.filter((each) => !isExact(each)));
  return terms.actions
    .map(({ not, patterns }) =>
      not
        ? Number(!old.some((each) => each.not && sameSet(each.patterns, patterns)))
        : patterns.filter((each) => !isExact(each) && !known.some((outer) => actionLiesWithin(each, outer))).length,
    )
    .reduce((sum, count) => sum + count, 0);
}

/** Patterns of a Deny that are no longer there. */
function lostDenials(before: readonly Grant[], after: readonly Grant[]): number {
  return before
    .filter(({ terms }) => !terms.allows)
    .map(({ terms }) => lostPatterns(terms, after.find((each) => each.terms.key === terms.key)?.terms))
    .reduce((sum, count) => sum + count, 0);
}

function lostPatterns(old: Terms, fresh: Terms | undefined): number {
  const plain = new Set((fresh?.actions ?? []).filter(({ not }) => !not).flatMap(({ patterns }) => patterns));
  return old.actions
    .map(({ not, patterns }) =>
      not
        ? Number(!fresh?.actions.some((each) => each.not && sameSet(each.patterns, patterns)))
        : patterns.filter((pattern) => !plain.has(pattern)).length,
    )
    .reduce((sum, count) => sum + count, 0);
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  canonicalJson([...new Set(a)].sort()) === canonicalJson([...new Set(b)].sort());
