import { actionNumbers } from '../access/compiled/action-numbers.ts';
import { type Bits, bitsFor, countBits, hasBit, subtract, unite } from '../access/compiled/bits.ts';
import { canonicalJson } from '../audit/canonical.ts';
import { isExact, matchesAction } from '../policy/match.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Patterns, Statement } from '../policy/statement.ts';
import { actionsOf } from './granted.ts';
import { actionsOfPattern } from './pattern-actions.ts';

export interface Proof {
  /** Recorded actions that the policies allowed before. */
  used: number;
  /** How many of those are allowed after, on the same resources and under the same conditions. */
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

export const holds = (proof: Proof): boolean => proof.used === proof.allowed && proof.newAccess === 0;

/**
 * Reads the texts anew and compares them action by action, knowing nothing of how the ones were made from the others. An
 * action's grants are the (effect, resources, conditions) of the statements that cover it: where these are the same,
 * the answer is the same under every context. A text that cannot be read proves nothing. `used` is in lower case.
 */
export function prove(rewrites: readonly Rewrite[], used: ReadonlySet<string>): Proof {
  const before = read(rewrites.flatMap((rewrite) => rewrite.before ?? []));
  const after = read(rewrites.flatMap((rewrite) => rewrite.after ?? []));
  if (!before || !after) return { used: 1, allowed: 0, newAccess: 1 };
  const names = strangers([...before.values(), ...after.values()], used);
  const grants = pairs(before, after, names);
  const relevant = [...used].filter((action) => grants.some((grant) => grant.allows && grant.hadBefore(action)));
  return {
    used: relevant.length,
    allowed: relevant.filter((action) => grants.every((grant) => !narrows(grant, action))).length,
    newAccess: widened(grants, names) + strayPatterns(before, after),
  };
}

/** Statements of one effect that say the same apart from the actions. */
interface Group {
  allows: boolean;
  actions: readonly Patterns[];
}

/** undefined where a text is no policy. */
function read(texts: readonly string[]): ReadonlyMap<string, Group> | undefined {
  const groups = new Map<string, { allows: boolean; actions: Patterns[] }>();
  for (const text of texts) {
    const parsed = parsePolicy(text);
    if (!parsed.ok) return undefined;
    for (const statement of parsed.value.statements) {
      const key = termsOf(statement, parsed.value.version);
      const group = groups.get(key) ?? { allows: statement.effect === 'Allow', actions: [] };
      group.actions.push(statement.actions);
      groups.set(key, group);
    }
  }
  return groups;
}

function termsOf({ effect, resources, principals, conditions }: Statement, version: string): string {
  const who = principals && { not: principals.not, who: principals.who === '*' ? '*' : [...principals.who] };
  return canonicalJson({ version, effect, resources, who, conditions });
}

/** Names and patterns of which the catalogue knows nothing; they are compared one by one. */
function strangers(groups: readonly Group[], used: ReadonlySet<string>): string[] {
  const patterns = groups.flatMap(({ actions }) => actions.flatMap((each) => each.patterns));
  const named = patterns.map((pattern) => pattern.toLowerCase());
  return [...new Set([...named, ...used])].filter((name) => actionsOfPattern(name).length === 0);
}

/** What one (effect, resources, conditions) covered before and covers after. */
interface Pair {
  allows: boolean;
  before: Bits;
  after: Bits;
  hadBefore(action: string): boolean;
  hasAfter(action: string): boolean;
}

function pairs(
  before: ReadonlyMap<string, Group>,
  after: ReadonlyMap<string, Group>,
  names: readonly string[],
): readonly Pair[] {
  return [...new Set([...before.keys(), ...after.keys()])].map((key) => {
    const [old, fresh] = [before.get(key), after.get(key)];
    const [oldBits, freshBits] = [bitsOf(old), bitsOf(fresh)];
    const [oldNames, freshNames] = [namesIn(old, names), namesIn(fresh, names)];
    return {
      allows: (old ?? fresh)?.allows === true,
      before: oldBits,
      after: freshBits,
      hadBefore: (action) => covers(oldBits, oldNames, action),
      hasAfter: (action) => covers(freshBits, freshNames, action),
    };
  });
}

function bitsOf(group: Group | undefined): Bits {
  const bits = bitsFor(actionNumbers().known);
  for (const actions of group?.actions ?? []) unite(bits, actionsOf({ actions }));
  return bits;
}

const namesIn = (group: Group | undefined, names: readonly string[]): ReadonlySet<string> =>
  new Set(
    names.filter((name) =>
      group?.actions.some(({ not, patterns }) => patterns.some((pattern) => matchesAction(pattern, name)) !== not),
    ),
  );

function covers(bits: Bits, names: ReadonlySet<string>, action: string): boolean {
  const number = actionNumbers().byName.get(action);
  return number === undefined ? names.has(action) : hasBit(bits, number);
}

/** Whether an Allow lost the action, or a Deny took it. */
const narrows = ({ allows, hadBefore, hasAfter }: Pair, action: string): boolean =>
  allows ? hadBefore(action) && !hasAfter(action) : hasAfter(action) && !hadBefore(action);

/** How many actions an Allow took or a Deny lost. */
function widened(grants: readonly Pair[], names: readonly string[]): number {
  const bits = bitsFor(actionNumbers().known);
  const others = new Set<string>();
  for (const { allows, before, after, hadBefore, hasAfter } of grants) {
    const [more, less] = allows ? [after, before] : [before, after];
    const grown = more.slice();
    subtract(grown, less);
    unite(bits, grown);
    for (const name of names) {
      if (allows ? hasAfter(name) && !hadBefore(name) : hadBefore(name) && !hasAfter(name)) others.add(name);
    }
  }
  return countBits(bits) + others.size;
}

/** Wildcards of an Allow that no pattern of the same terms contains. */
function strayPatterns(before: ReadonlyMap<string, Group>, after: ReadonlyMap<string, Group>): number {
  let stray = 0;
  for (const [key, { allows, actions }] of after) {
    if (!allows) continue;
    const old = before.get(key)?.actions ?? [];
    for (const { not, patterns } of actions) {
      if (not) stray += old.some((each) => each.not && sameSet(each.patterns, patterns)) ? 0 : 1;
      else {
        const wild = patterns.filter((pattern) => !isExact(pattern));
        const known = old.filter((each) => !each.not).flatMap((each) => each.patterns);
        stray += wild.filter((pattern) => !known.some((outer) => liesWithin(pattern, outer))).length;
      }
    }
  }
  return stray;
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  canonicalJson([...a].sort()) === canonicalJson([...b].sort());

/** Whether everything that the inner pattern covers, the outer one covers too; false where that is not plain. */
function liesWithin(inner: string, outer: string): boolean {
  if (inner.toLowerCase() === outer.toLowerCase()) return true;
  // A run of any characters lies within another such run alone, so that it may stand for itself as one strange character.
  return !outer.includes('?') && matchesAction(outer, inner.replaceAll('*', '\0').replaceAll('?', '\0'));
}
