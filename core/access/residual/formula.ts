import type { Condition } from '../../policy/statement.ts';
import type { Pattern } from '../../policy/variables.ts';
import type { Residual, Test } from '../decision.ts';
import type { Facts } from './known.ts';

/** What is left of a question when everything known is filled in: settled, or tests of unknown keys joined by logic. */
export type Formula = boolean | Atom | Junction | Negation;

/** A test that needs at least one unknown key. Equal ids are equal tests. */
export interface Atom {
  kind: 'atom';
  id: string;
  /** The unknown keys that it needs, in lower case. */
  unknown: readonly string[];
  shown: Test;
  /** What the solver looks at to find values that matter. */
  about: Subject;
  /** The test again when more is known. */
  under(facts: Facts): Formula;
}

/** What a test compares: a key's values, or a text that stands fast, with patterns. */
type Subject =
  | { kind: 'key'; key: string; condition: Condition; patterns: readonly Pattern[] }
  | { kind: 'text'; text: string; patterns: readonly Pattern[] };

interface Junction {
  kind: 'all' | 'any';
  id: string;
  parts: readonly Exclude<Formula, boolean>[];
}

interface Negation {
  kind: 'not';
  id: string;
  part: Exclude<Formula, boolean>;
}

/** True where all are. */
export const allOf = (parts: readonly Formula[]): Formula => joined('all', parts, false);

/** True where one is. */
export const anyOf = (parts: readonly Formula[]): Formula => joined('any', parts, true);

/** True where it is not. */
export function not(part: Formula): Formula {
  if (typeof part === 'boolean') return !part;
  if (part.kind === 'not') return part.part;
  return { kind: 'not', id: `!${part.id}`, part };
}

/** `settles`: the value of one part that settles the whole. */
function joined(kind: 'all' | 'any', parts: readonly Formula[], settles: boolean): Formula {
  const distinct = new Map<string, Exclude<Formula, boolean>>();
  for (const part of parts) {
    if (part === settles) return settles;
    if (typeof part === 'boolean') continue;
    for (const inner of part.kind === kind ? part.parts : [part]) distinct.set(inner.id, inner);
  }
  const [only, ...others] = distinct.values();
  if (!only) return !settles;
  if (others.length === 0) return only;
  const ids = [...distinct.keys()].sort();
  return { kind, id: `${kind}(${ids.join(',')})`, parts: [...distinct.values()] };
}

/** The formula when more is known. */
export function under(formula: Formula, facts: Facts): Formula {
  if (typeof formula === 'boolean') return formula;
  if (formula.kind === 'atom') return formula.unknown.some(facts.isKnown) ? formula.under(facts) : formula;
  if (formula.kind === 'not') return not(under(formula.part, facts));
  const parts = formula.parts.map((part) => under(part, facts));
  return formula.kind === 'all' ? allOf(parts) : anyOf(parts);
}

/** Every test in the formula, once. */
export function atomsOf(formula: Formula, found = new Map<string, Atom>()): ReadonlyMap<string, Atom> {
  if (typeof formula === 'boolean') return found;
  if (formula.kind === 'atom') found.set(formula.id, formula);
  else for (const part of formula.kind === 'not' ? [formula.part] : formula.parts) atomsOf(part, found);
  return found;
}

/** The formula as it is told. */
export function shown(formula: Exclude<Formula, boolean>): Residual {
  if (formula.kind === 'atom') return formula.shown;
  if (formula.kind === 'not') return { not: shown(formula.part) };
  const parts = formula.parts.map(shown);
  return formula.kind === 'all' ? { all: parts } : { any: parts };
}
