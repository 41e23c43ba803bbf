import type { OperatorName } from '../../policy/conditions/operator.ts';
import { matchesPattern } from '../../policy/match.ts';
import { type Filled, fill, literalOf, type Pattern, type Piece, parsePattern } from '../../policy/variables.ts';
import { type Facts, withFact } from './facts.ts';
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
  const single = singlesOf(key, testing, facts, traits, shapeOf(key));
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
  for (const value of single.values) note([value]);
  const complete = traits.values === 'one' || unite(known, note);
  return { values: [...known.values()], complete: complete && single.complete };
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

function singlesOf(
  key: string,
  atoms: readonly Atom[],
  facts: Facts,
  traits: KeyTraits,
  shape: Filled | undefined,
): Samples {
  const byFamily = new Map<Family, Filled[]>();
  const extra = new Set<string>();
  let complete = true;
  for (const { about, unknown } of atoms) {
    if (isTested(about, key)) {
      const family = familyOf(about.condition.test.name);
      const patterns = about.patterns.map((pattern) => opened(pattern, facts));
      byFamily.set(family, [...(byFamily.get(family) ?? []), ...patterns]);
      // Where what it is compared with is itself unknown, its values are the other key's turn.
      complete &&= unknown.length === 1;
    }
    for (const value of fillings(about, key, facts, atoms)) extra.add(value);
  }
  const samples = [...byFamily].map(([family, patterns]) => samplesOf(family, patterns, key, traits, shape));
  const texts = [...samples.flatMap(({ values }) => values), ...extra];
  const isOpen = traits.type === 'text' && !byFamily.has('bool') && shape === undefined;
  const isMixed = byFamily.size > 1 && [...byFamily.keys()].some((family) => family === 'arn' || family === 'text');
  return {
    values: [...new Set([...texts, ...typical(traits.type, byFamily), ...(isOpen ? [otherThan(texts)] : [])])],
    complete: complete && !isMixed && samples.every((each) => each.complete),
  };
}

type Family = 'text' | 'ignoring-case' | 'number' | 'date' | 'bool' | 'ip' | 'arn' | 'presence';

function familyOf(name: OperatorName): Family {
  if (name.startsWith('Numeric')) return 'number';
  if (name.startsWith('Date')) return 'date';
  if (name.startsWith('Arn')) return 'arn';
  if (name.endsWith('IpAddress')) return 'ip';
  if (name.endsWith('IgnoreCase')) return 'ignoring-case';
  if (name === 'Bool') return 'bool';
  return name === 'Null' ? 'presence' : 'text';
}

/** A key has values of its own kind even where nobody compares them. */
function typical(type: KeyTraits['type'], families: ReadonlyMap<Family, unknown>): readonly string[] {
  if (type === 'bool' || families.has('bool')) return ['true', 'false'];
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
  if (family === 'ignoring-case') {
    const cased = literals.flatMap((text) => [text, text.toLowerCase(), text.toUpperCase()]);
    return { values: [...cased, otherThan(cased)], complete: true };
  }
  return textSamples(patterns, shape);
}

/** A pattern whose variables are filled where they are known; an unknown one may be anything. */
function opened(pattern: Pattern, facts: Facts): Filled {
  const pieces = pattern.map((piece): Piece => {
    if (piece.kind !== 'variable') return piece;
    if (!facts.isKnown(piece.key)) return { kind: 'any' };
    const values = facts.valuesOf(piece.key);
    return { kind: 'text', text: (values.length === 1 ? values[0] : piece.fallback) ?? '' };
  });
  return fill(pieces, () => undefined) ?? [];
}

/** What a variable has to be for its pattern to give one of the texts that the pattern is held against. */
function fillings(about: Atom['about'], key: string, facts: Facts, atoms: readonly Atom[]): string[] {
  const patterns = about.patterns.filter((pattern) =>
    pattern.some((piece) => piece.kind === 'variable' && piece.key === key),
  );
  if (patterns.length === 0) return [];
  const texts = about.kind === 'text' ? [about.text] : textsFor(about.key, facts, atoms);
  return patterns.flatMap((pattern) => texts.flatMap((text) => partsFor(pattern, key, text, facts)));
}

/** What a key is, or what it is compared with. */
function textsFor(key: string, facts: Facts, atoms: readonly Atom[]): readonly string[] {
  if (facts.isKnown(key)) return facts.valuesOf(key);
  return atoms.flatMap(({ about }) =>
    isTested(about, key) ? about.condition.values.flatMap((value) => literalsIn(value)) : [],
  );
}

const literalsIn = (value: string): string[] => {
  const pattern = parsePattern(value, '2012-10-17');
  const filled = pattern && fill(pattern, () => undefined);
  return filled ? [literalOf(filled)] : [];
};

const mostFillings = 64;

function partsFor(pattern: Pattern, key: string, text: string, facts: Facts): string[] {
  const at = pattern.findIndex((piece) => piece.kind === 'variable' && piece.key === key);
  const before = opened(pattern.slice(0, at), facts);
  const behind = opened(pattern.slice(at + 1), facts);
  const places = Array.from({ length: text.length + 1 }, (_, place) => place);
  const starts = places.filter((place) => matchesPattern(before, text.slice(0, place)));
  const ends = places.filter((place) => matchesPattern(behind, text.slice(place)));
  const parts = new Set<string>();
  for (const start of starts) {
    for (const end of ends) {
      if (end > start && parts.size < mostFillings) parts.add(text.slice(start, end));
    }
  }
  return [...parts];
}
