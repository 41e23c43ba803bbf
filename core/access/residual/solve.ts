import type { Filled } from '../../policy/variables.ts';
import { candidatesOf } from './candidates.ts';
import { type Facts, withFact } from './facts.ts';
import { type Atom, atomsOf, type Formula, under } from './formula.ts';

/** Values for the unknown keys that make a formula true; `never` where there are none, `unsettled` where too many are. */
export type Solution = ReadonlyMap<string, readonly string[]> | 'never' | 'unsettled';

/** What is known of an unknown key's form. */
export type ShapeOf = (key: string) => Filled | undefined;

/** Any set of conditions can be asked for, so finding an answer can take for ever: after so many tries it is not known. */
const mostTries = 2000;

/** Looks for a completion of the unknown keys under which the formula is true, key by key. */
export function solve(formula: Formula, facts: Facts, shapeOf: ShapeOf): Solution {
  const search: Search = { shapeOf, tries: 0, complete: true, never: new Set() };
  const found = tryKeys(formula, facts, search);
  if (found) return found;
  return search.complete ? 'never' : 'unsettled';
}

interface Search {
  shapeOf: ShapeOf;
  tries: number;
  complete: boolean;
  /** Ids of formulas that no completion makes true. */
  never: Set<string>;
}

function tryKeys(formula: Formula, facts: Facts, search: Search): Map<string, readonly string[]> | undefined {
  if (typeof formula === 'boolean') return formula ? new Map() : undefined;
  if (search.never.has(formula.id)) return undefined;
  const atoms = [...atomsOf(formula).values()];
  const key = keyToTry(atoms);
  const { values, complete } = candidatesOf(key, atoms, facts, search.shapeOf);
  search.complete &&= complete;
  const tried = new Set<string>();
  for (const value of values) {
    search.tries += 1;
    if (search.tries > mostTries) {
      search.complete = false;
      return undefined;
    }
    const more = withFact(facts, key, value);
    const left = under(formula, more);
    const id = typeof left === 'boolean' ? String(left) : left.id;
    if (tried.has(id)) continue;
    tried.add(id);
    const found = tryKeys(left, more, search);
    if (found) return found.set(key, value);
  }
  search.never.add(formula.id);
  return undefined;
}

/** Keys that fill variables come first: what their patterns match is known only then. */
function keyToTry(atoms: readonly Atom[]): string {
  const joint = atoms.find(({ unknown }) => unknown.length > 1);
  const [first] = atoms;
  if (!joint) return first?.unknown[0] ?? '';
  const { about, unknown } = joint;
  return unknown.find((key) => about.kind === 'text' || key !== about.key) ?? unknown[0] ?? '';
}
