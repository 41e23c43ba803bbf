import { matchesPattern } from '../../policy/match.ts';
import { type Filled, fill, literalOf, type Pattern, type Piece, variablesIn } from '../../policy/variables.ts';
import type { Facts } from './facts.ts';
import type { Atom } from './formula.ts';
import type { Samples } from './samples.ts';

/** A pattern whose variables are filled where they are known; an unknown one may be anything. */
export function openedPattern(pattern: Pattern, facts: Facts): Filled {
  const pieces = pattern.map((piece): Piece => {
    if (piece.kind !== 'variable') return piece;
    if (!facts.isKnown(piece.key)) return { kind: 'any' };
    const values = facts.valuesOf(piece.key);
    return { kind: 'text', text: (values.length === 1 ? values[0] : piece.fallback) ?? '' };
  });
  return fill(pieces, () => undefined) ?? [];
}

/** What a variable has to be for its pattern to give one of the texts that the pattern is held against. */
export function fillings({ about }: Atom, key: string, facts: Facts, atoms: readonly Atom[]): Samples {
  const patterns = about.patterns.filter((pattern) => variablesIn(pattern).includes(key));
  if (patterns.length === 0) return { values: [], complete: true };
  const texts = about.kind === 'text' ? [about.text] : textsFor(about.key, facts, atoms);
  const values = new Set<string>();
  for (const pattern of patterns) {
    for (const text of texts) {
      for (const part of partsFor(pattern, key, text, facts)) {
        if (values.size >= most) return { values: [...values], complete: false };
        values.add(part);
      }
    }
  }
  return { values: [...values], complete: true };
}

const most = 200;

/** What a key is, or what it is compared with. */
function textsFor(key: string, facts: Facts, atoms: readonly Atom[]): readonly string[] {
  if (facts.isKnown(key)) return facts.valuesOf(key);
  return atoms.flatMap(({ about }) => (about.kind === 'key' && about.key === key ? literalsIn(about.patterns) : []));
}

const literalsIn = (patterns: readonly Pattern[]): string[] =>
  patterns.flatMap((pattern) => {
    const filled = fill(pattern, () => undefined);
    return filled ? [literalOf(filled)] : [];
  });

function* partsFor(pattern: Pattern, key: string, text: string, facts: Facts): Generator<string> {
  const at = pattern.findIndex((piece) => piece.kind === 'variable' && piece.key === key);
  const before = openedPattern(pattern.slice(0, at), facts);
  const behind = openedPattern(pattern.slice(at + 1), facts);
  const places = Array.from({ length: text.length + 1 }, (_, place) => place);
  const starts = places.filter((place) => matchesPattern(before, text.slice(0, place)));
  const ends = places.filter((place) => matchesPattern(behind, text.slice(place)));
  for (const start of starts) {
    for (const end of ends) if (end > start) yield text.slice(start, end);
  }
}
