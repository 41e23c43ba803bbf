import { canonicalJson } from '../audit/canonical.ts';
import { isExact, matchesAction, matchesResource } from '../policy/match.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Condition, Patterns, PolicyDocument, Statement } from '../policy/statement.ts';

/** Statements that say the same apart from their actions: one effect, on the same resources, under the same conditions. */
export interface Terms {
  key: string;
  allows: boolean;
  /** Who, under which conditions, in which version of the language: everything but actions and resources. */
  circumstances: string;
  resources: Patterns | null;
  actions: readonly Patterns[];
}

/** The terms of the policies by key; undefined where a text is no policy. */
export function termsIn(texts: readonly string[]): ReadonlyMap<string, Terms> | undefined {
  const found = new Map<string, Terms & { actions: Patterns[] }>();
  for (const text of texts) {
    const parsed = parsePolicy(text);
    if (!parsed.ok) return undefined;
    for (const statement of parsed.value.statements) {
      const made = termsOf(statement, parsed.value.version);
      const terms = found.get(made.key) ?? { ...made, actions: [] };
      terms.actions.push(statement.actions);
      found.set(made.key, terms);
    }
  }
  return found;
}

function termsOf(statement: Statement, version: PolicyDocument['version']): Omit<Terms, 'actions'> {
  const { effect, principals, conditions } = statement;
  const resources = statement.resources && {
    not: statement.resources.not,
    patterns: [...new Set(statement.resources.patterns)].sort(),
  };
  const who = principals && { not: principals.not, who: principals.who === '*' ? '*' : [...principals.who] };
  const circumstances = canonicalJson({ version, who, conditions: conditions.map(saying).sort() });
  return {
    key: canonicalJson({ effect, resources, circumstances }),
    allows: effect === 'Allow',
    circumstances,
    resources,
  };
}

/** A condition as text: the order of its values, a value written twice and the case of its key do not count. */
const saying = ({ operator, key, values }: Condition): string =>
  canonicalJson([operator, key.toLowerCase(), [...new Set(values)].sort()]);

/** Whether everything that the inner action pattern covers, the outer one covers too; false where that is not plain. */
export const actionLiesWithin = (inner: string, outer: string): boolean =>
  inner.toLowerCase() === outer.toLowerCase() ||
  (!outer.includes('?') && matchesAction(outer, inner.replaceAll('*', '\0').replaceAll('?', '\0')));

/**
 * The same of resource patterns. A variable lies within itself and within a `*`; `${*}` and the like stand for a character
 * that the other pattern would read as a wildcard, so that such a pattern contains itself alone.
 */
export function resourceLiesWithin(inner: string, outer: string): boolean {
  if (inner === outer || outer === '*') return true;
  if (isExact(outer) || /\?|\$\{[*?$]\}/.test(outer)) return false;
  // A run of any characters lies within another such run alone, so that it may stand for itself as one strange character.
  return matchesResource(outer, inner.replaceAll('*', '\0').replaceAll('?', '\0'));
}

/** Whether one statement's resources lie within another's, element by element. */
export function resourcesLieWithin(inner: Patterns | null, outer: Patterns | null): boolean {
  if (inner === null || outer === null) return inner === outer;
  if (inner.not || outer.not) {
    return inner.not === outer.not && canonicalJson(inner.patterns) === canonicalJson(outer.patterns);
  }
  return inner.patterns.every((each) => outer.patterns.some((other) => resourceLiesWithin(each, other)));
}
