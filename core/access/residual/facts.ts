import { holds } from '../../policy/conditions/holds.ts';
import { matchesPattern } from '../../policy/match.ts';
import type { Condition, Patterns, PolicyDocument } from '../../policy/statement.ts';
import { type Filled, fill, type Pattern, parsePattern, variablesIn } from '../../policy/variables.ts';
import type { Formula } from './formula.ts';
import type { Facts } from './known.ts';

export type { Facts } from './known.ts';

/** The facts and one more. */
export const withFact = (facts: Facts, key: string, values: readonly string[]): Facts => ({
  isKnown: (asked) => asked === key || facts.isKnown(asked),
  valuesOf: (asked) => (asked === key ? values : facts.valuesOf(asked)),
});

type Version = PolicyDocument['version'];

/** Whether a condition holds. */
export function conditionHolds(condition: Condition, version: Version, facts: Facts): Formula {
  const key = keyTested(condition, facts);
  const { patterns, variables, plain } = readingOf(condition, version);
  const unknown = unknownAmong([key, ...variables], facts);
  if (unknown.length === 0) return holds(condition.test, facts.valuesOf(key), plain ?? patterns.map(filler(facts)));
  const { operator, values } = condition;
  return {
    kind: 'atom',
    id: JSON.stringify([operator.toLowerCase(), key, values, version, knownAmong([key, ...variables], facts)]),
    unknown,
    shown: { operator, key: condition.key, values },
    about: { kind: 'key', key, condition, patterns },
    under: (more) => conditionHolds(condition, version, more),
  };
}

interface Reading {
  patterns: readonly Pattern[];
  variables: readonly string[];
  /** null where a variable stands in one. */
  plain: readonly Filled[] | null;
}

const readings = new WeakMap<Condition, Map<Version, Reading>>();

/** A condition's values taken apart; once, since solving asks about the same condition many times. */
function readingOf(condition: Condition, version: Version): Reading {
  const known = readings.get(condition) ?? new Map<Version, Reading>();
  readings.set(condition, known);
  const reading = known.get(version) ?? read(condition.values, version);
  known.set(version, reading);
  return reading;
}

function read(values: readonly string[], version: Version): Reading {
  const patterns = values.map((value) => parsePattern(value, version) ?? []);
  const variables = patterns.flatMap(variablesIn);
  const plain = variables.length > 0 ? null : patterns.map((pattern) => fill(pattern, () => undefined) ?? []);
  return { patterns, variables, plain };
}

/** Epoch time is the current time written otherwise: where it is not given, a date is asked of the one clock. */
function keyTested({ key, test }: Condition, facts: Facts): string {
  const lower = key.toLowerCase();
  const isClock = lower === 'aws:epochtime' && test.name.startsWith('Date') && !facts.isKnown(lower);
  return isClock ? 'aws:currenttime' : lower;
}

/** Whether a statement's Resource or NotResource speaks of the resource. A pattern whose variable has no value matches nothing. */
export function resourceCovered(element: Patterns, version: Version, resource: string, facts: Facts): Formula {
  const patterns = element.patterns.map((text) => parsePattern(text, version) ?? []);
  const variables = patterns.flatMap(variablesIn);
  // One that needs no variable and matches settles it, whatever the others are filled with.
  const plain = patterns.filter((pattern) => variablesIn(pattern).length === 0).map(filler(facts));
  if (plain.some((pattern) => pattern && matchesPattern(pattern, resource))) return !element.not;
  const unknown = unknownAmong(variables, facts);
  if (unknown.length === 0) {
    const filled = patterns.map(filler(facts));
    return filled.some((pattern) => pattern && matchesPattern(pattern, resource)) !== element.not;
  }
  const operator = element.not ? 'NotResource' : 'Resource';
  return {
    kind: 'atom',
    id: JSON.stringify([operator, resource, element.patterns, version, knownAmong(variables, facts)]),
    unknown,
    shown: { operator, key: resource, values: element.patterns },
    about: { kind: 'text', text: resource, patterns },
    under: (more) => resourceCovered(element, version, resource, more),
  };
}

/** What begins the key of a fact that no request carries. It is never known. */
export const untoldPrefix = 'untold:';

/** A fact that neither policies nor requests tell, such as who stands behind a canonical user id: it may be so or not. */
export function untold(what: string): Formula {
  const key = `${untoldPrefix}${what}`;
  const condition: Condition = { operator: 'Bool', test: isTrue, key, values: ['true'] };
  return {
    kind: 'atom',
    id: key,
    unknown: [key],
    shown: { operator: 'Untold', key, values: ['true'] },
    about: { kind: 'key', key, condition, patterns: [[{ kind: 'text', text: 'true' }]] },
    under: (facts) => (facts.isKnown(key) ? facts.valuesOf(key)[0] === 'true' : untold(what)),
  };
}

const isTrue: Condition['test'] = { quantifier: null, name: 'Bool', ifExists: false };

const unknownAmong = (keys: readonly string[], facts: Facts): string[] =>
  [...new Set(keys)].filter((key) => !facts.isKnown(key));

/** Tests whose keys have taken different values are different tests. */
const knownAmong = (keys: readonly string[], facts: Facts): [string, readonly string[]][] =>
  [...new Set(keys)].filter(facts.isKnown).map((key) => [key, facts.valuesOf(key)]);

/** Only a key of one value can fill a variable. */
const filler = (facts: Facts) => (pattern: Pattern) =>
  fill(pattern, (key) => {
    const values = facts.valuesOf(key);
    return values.length === 1 ? values[0] : undefined;
  });
