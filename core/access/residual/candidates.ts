import type { OperatorName } from '../../policy/conditions/operator.ts';
import { matchesPattern } from '../../policy/match.ts';
import { type Filled, literalOf } from '../../policy/variables.ts';

import { type Facts, withFact } from './facts.ts';
import { fillings, openedPattern } from './fillings.ts';
import type { Atom } from './formula.ts';
import { type KeyTraits, traitsOf } from './key-traits.ts';
import {
  addressSamples,
  arnSamples,
  dateSamples,
  numberSamples,
  otherThan,
  type Samples,
  textSamples,
} from './samples.ts';

/** Values of a key (none: it is absent) such that every completion behaves like one of them. */
export interface Candidates {
  values: readonly (readonly string[])[];
  /** False where some behaviour may be missing. */
  complete: boolean;
}

/** What an unknown key can be, as far as these tests can tell values apart. `shapeOf` says what is known of its form. */
export function candidatesOf(
  key: string,
  atoms: readonly Atom[],
  facts: Facts,
  shapeOf: (key: string) => Filled | undefined,
): Candidates {
  const testing = atoms.filter(({ unknown }) => unknown.includes(key));
  const quantified = testing.some(({ about }) => isTested(about, key) && about.condition.test.quantifier !== null);
  const traits = traitsOf(key, quantified);
  const single = singlesOf({ key, testing, atoms, facts, traits, shape: shapeOf(key) });
  const behaviour = (values: readonly string[]): string => {
    const more = withFact(facts, key, values);
    return testing.map((atom) => idOf(atom.under(more))).join('\n');
  };
  const known = new Map<string, readonly string[]>();
  const note = (values: readonly string[]): boolean => {
    const id = behaviour(values);
    if (known.has(id)) return false;
    known.set(id, values);
    return true;
  };
  if (!traits.always) note([]);
  const fitting = single.values.slice(0, mostValues(testing));
  for (const value of fitting) note([value]);
  const complete = single.complete && fitting.length === single.values.length;
  const isUnited = traits.values === 'one' || unite(known, note);
  return { values: [...known.values()], complete: complete && isUnited };
}

/** Values times tests, and values times what the tests compare them with: no policy that AWS saves comes near it. */
const mostTests = 200_000;
const mostComparisons = 20_000_000;

function mostValues(testing: readonly Atom[]): number {
  const compared = testing.reduce((sum, { about }) => sum + about.patterns.length, 0);
  return Math.ceil(Math.min(mostTests / Math.max(1, testing.length), mostComparisons / Math.max(1, compared)));
}

const idOf = (formula: ReturnType<Atom['under']>): string =>
  typeof formula === 'boolean' ? String(formula) : formula.id;

const isTested = (about: Atom['about'], key: string): about is Extract<Atom['about'], { kind: 'key' }> =>
  about.kind === 'key' && about.key === key;

const mostSets = 128;

/** What a set does follows from what its members do: two sets that behave differently are joined until nothing is new. */
function unite(known: ReadonlyMap<string, readonly string[]>, note: (values: readonly string[]) => boolean): boolean {
  const sets = [...known.values()].filter((values) => values.length > 0);
  for (let at = 0; at < sets.length; at += 1) {
    if (sets.length > mostSets) return false;
    for (const other of sets.slice(0, at)) {
      const union = [...new Set([...(sets[at] ?? []), ...other])];
      if (note(union)) sets.push(union);
    }
  }
  return true;
}

interface Search {
  key: string;
  /** The tests that need the key, and all others. */
  testing: readonly Atom[];
  atoms: readonly Atom[];
  facts: Facts;
  traits: KeyTraits;
  shape: Filled | undefined;
}

function singlesOf({ key, testing, atoms, facts, traits, shape }: Search): Samples {
  const tested = testing.filter(({ about }) => isTested(about, key));
  const wanted = tested.flatMap((atom) => wantedBy(atom, facts));
  const families = [...new Set(wanted.map(({ family }) => family))];
  const samples = families.map((family) => {
    const patterns = wanted.filter((each) => each.family === family).flatMap((each) => each.patterns);
    return samplesOf(family, patterns, key, traits, shape);
  });
  samples.push(...testing.map((atom) => fillings(atom, key, facts, atoms)));
  const cases = wanted.flatMap((each) => each.cases);
  const texts = [...samples.flatMap(({ values }) => values), ...(shape ? fittingIn(shape, cases) : cases)];
  const isOpen = traits.type === 'text' && shape === undefined && holdsAnyText(key, families);
  const values = new Set([...texts, ...typical(traits.type, families), ...(isOpen ? [otherThan(texts)] : [])]);
  // Where what it is compared with is itself unknown, or two ways of comparing meet, some combination may be missing.
  const isJoint = tested.some(({ unknown }) => unknown.length > 1);
  return { values: [...values], complete: !isJoint && !isMixed(families) && samples.every(({ complete }) => complete) };
}

function isMixed(families: readonly Family[]): boolean {
  const comparing = families.filter((family) => family !== 'presence' && family !== 'bool');
  return comparing.length > 1 && comparing.some((family) => family === 'arn' || family === 'text');
}

interface Wanted {
  family: Family;
  patterns: readonly Filled[];
  /** What only case tells apart. */
  cases: readonly string[];
}

function wantedBy({ about, unknown }: Atom, facts: Facts): Wanted[] {
  if (about.kind !== 'key') return [];
  const { name } = about.condition.test;
  const family = familyOf(name);
  const opened = about.patterns.map((pattern) => openedPattern(pattern, facts));
  const isLiteral = family === 'text' && !name.endsWith('Like') && unknown.length === 1;
  return [
    {
      family,
      patterns: isLiteral ? opened.map(asText) : opened,
      cases: name.endsWith('IgnoreCase') ? opened.flatMap(casesOf) : [],
    },
  ];
}

/** Of texts that ignore case those that the key can be: its head and tail are written as they are. */
function fittingIn(shape: Filled, texts: readonly string[]): string[] {
  const [head, tail] = [shape[0], shape.at(-1)].map((piece) => (piece?.kind === 'text' ? piece.text : ''));
  const written = texts.map((text) => {
    const middle = text.slice(head!.length, text.length - tail!.length);
    const whole = `${head}${middle}${tail}`;
    return whole.toLowerCase() === text.toLowerCase() ? whole : text;
  });
  return written.filter((text) => matchesPattern(shape, text));
}

const mostCases = 64;

/** A text in upper and lower case, letter by letter, so that what is told apart by case is found. */
function casesOf(pattern: Filled): string[] {
  const text = literalOf(pattern);
  const cases = Array.from({ length: mostCases }, (_, mask) => {
    let letter = 0;
    return text.replace(/[a-z]/gi, (each) => {
      const isUpper = (mask >> letter++) & 1;
      return isUpper ? each.toUpperCase() : each.toLowerCase();
    });
  });
  return [...new Set([text, text.toUpperCase(), ...cases])];
}

/** Where an operator knows no wildcards they are characters like others. */
const asText = (pattern: Filled): Filled =>
  pattern.length === 0 ? pattern : [{ kind: 'text', text: literalOf(pattern) }];

/** Tags hold any text; other keys hold what the operators that AWS documents for them compare. */
const holdsAnyText = (key: string, families: readonly Family[]): boolean =>
  key.includes('tag/') || !families.some((family) => typed.has(family));

const typed: ReadonlySet<Family> = new Set(['number', 'date', 'bool', 'ip']);

type Family = 'text' | 'number' | 'date' | 'bool' | 'ip' | 'arn' | 'presence';

function familyOf(name: OperatorName): Family {
  if (name.startsWith('Numeric')) return 'number';
  if (name.startsWith('Date')) return 'date';
  if (name.startsWith('Arn')) return 'arn';
  if (name.endsWith('IpAddress')) return 'ip';
  if (name === 'Bool') return 'bool';
  return name === 'Null' ? 'presence' : 'text';
}

/** A key has values of its own kind even where nobody compares them. */
function typical(type: KeyTraits['type'], families: readonly Family[]): readonly string[] {
  if (type === 'bool' || families.includes('bool')) return ['true', 'false'];
  if (type === 'ip') return ['192.0.2.1'];
  return type === 'date' ? ['2026-01-01T00:00:00Z'] : [];
}

function samplesOf(
  family: Family,
  patterns: readonly Filled[],
  key: string,
  traits: KeyTraits,
  shape: Filled | undefined,
): Samples {
  const literals = patterns.map(literalOf);
  if (family === 'number') return numberSamples(literals, traits.whole);
  if (family === 'date') return dateSamples(literals, key === 'aws:epochtime');
  if (family === 'ip') return addressSamples(literals);
  if (family === 'arn') return arnSamples(patterns);
  if (family === 'bool' || family === 'presence') return { values: [], complete: true };
  if (traits.type === 'bool') return { values: ['true', 'false'], complete: true };
  return textSamples(patterns, shape);
}
