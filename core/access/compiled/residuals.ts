import { candidatesOf } from '../residual/candidates.ts';
import { type Facts, withFact } from '../residual/facts.ts';
import { type Atom, allOf, anyOf, not, type Formula as Tree } from '../residual/formula.ts';
import { type ShapeOf, type Solution, solve } from '../residual/solve.ts';
import { always, type Formula, Formulas, never } from './formula.ts';

type Values = readonly string[];
type Witness = ReadonlyMap<string, Values>;

/** Whose question it is. */
interface Asker {
  readonly facts: Facts;
  readonly profile: { readonly shapeOf: ShapeOf };
}

/** What an unknown key can be for some tests, and which of them each value meets. */
interface Choices {
  values: readonly Values[];
  meets: readonly ReadonlyMap<number, boolean>[];
  complete: boolean;
}

/**
 * What is left of questions, each formula stored and solved once. Keys are settled one by one; parts that share no key
 * are solved by themselves. Where a test needs two unknown keys at once, or where not every behaviour of a key is among
 * its candidates, the plain search decides.
 */
export class Residuals {
  readonly formulas = new Formulas();
  readonly #atoms: Atom[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #solutions = new Map<Formula, Solution>();
  readonly #found = new Map<Formula, Witness | undefined>();
  readonly #choices = new Map<string, Choices>();

  /** The formula of a test. */
  atom(atom: Atom): Formula {
    const number = this.#numbers.get(atom.id) ?? this.#atoms.length;
    if (number === this.#atoms.length) {
      this.#atoms.push(atom);
      this.#numbers.set(atom.id, number);
    }
    return this.formulas.atom(number);
  }

  fromTree(tree: Tree): Formula {
    if (typeof tree === 'boolean') return tree ? always : never;
    if (tree.kind === 'atom') return this.atom(tree);
    if (tree.kind === 'not') return this.formulas.not(this.fromTree(tree.part));
    const parts = tree.parts.map((part) => this.fromTree(part));
    return tree.kind === 'all' ? this.formulas.all(parts) : this.formulas.any(parts);
  }

  toTree(formula: Formula): Tree {
    const node = this.formulas.nodeOf(formula);
    if (node.kind === 'constant') return node.value;
    if (node.kind === 'atom') return node.positive ? this.#atoms[node.atom]! : not(this.#atoms[node.atom]!);
    const parts = node.parts.map((part) => this.toTree(part));
    return node.kind === 'all' ? allOf(parts) : anyOf(parts);
  }

  /** Values of the unknown keys that make the formula true. */
  solve(formula: Formula, asker: Asker): Solution {
    if (formula === always) return new Map();
    if (formula === never) return 'never';
    const earlier = this.#solutions.get(formula);
    if (earlier !== undefined) return earlier;
    const { facts } = asker;
    const { shapeOf } = asker.profile;
    if (this.#isPersonal(formula)) return solve(this.toTree(formula), facts, shapeOf);
    const solution = this.#isPlain(formula, facts, shapeOf)
      ? (this.#find(formula) ?? 'never')
      : solve(this.toTree(formula), facts, shapeOf);
    this.#solutions.set(formula, solution);
    return solution;
  }

  /** The form of a user id depends on who asks, so its answer is not everybody's. */
  #isPersonal(formula: Formula): boolean {
    return this.formulas.atomsIn(formula).some((atom) => this.#atoms[atom]!.unknown.includes('aws:userid'));
  }

  get size(): number {
    return this.formulas.size;
  }

  /** Every test needs one unknown key, and every key's candidates are complete for all tests of it. */
  #isPlain(formula: Formula, facts: Facts, shapeOf: ShapeOf): boolean {
    const byKey = new Map<string, number[]>();
    for (const number of this.formulas.atomsIn(formula)) {
      const { unknown } = this.#atoms[number]!;
      const key = unknown[0]!;
      if (unknown.length > 1) return false;
      byKey.set(key, [...(byKey.get(key) ?? []), number]);
    }
    for (const [key, numbers] of byKey) if (!this.#choicesOf(key, numbers, facts, shapeOf).complete) return false;
    return true;
  }

  #find(formula: Formula): Witness | undefined {
    if (formula === always) return new Map();
    if (formula === never) return undefined;
    if (this.#found.has(formula)) return this.#found.get(formula);
    const node = this.formulas.nodeOf(formula);
    const found = node.kind === 'any' ? this.#findOne(node.parts) : this.#findAll(formula);
    this.#found.set(formula, found);
    return found;
  }

  #findOne(parts: readonly Formula[]): Witness | undefined {
    for (const part of parts) {
      const found = this.#find(part);
      if (found) return found;
    }
    return undefined;
  }

  #findAll(formula: Formula): Witness | undefined {
    const node = this.formulas.nodeOf(formula);
    const groups = node.kind === 'all' ? this.#apart(node.parts) : [];
    if (groups.length < 2) return this.#tryValues(formula);
    const all = new Map<string, Values>();
    for (const group of groups) {
      const found = this.#find(this.formulas.all(group));
      if (!found) return undefined;
      for (const [key, values] of found) all.set(key, values);
    }
    return all;
  }

  /** Settles one key; values that leave the same formula are one. */
  #tryValues(formula: Formula): Witness | undefined {
    const atoms = this.formulas.atomsIn(formula);
    const key = this.#keyOf(atoms[0]!);
    const concerned = atoms.filter((atom) => this.#keyOf(atom) === key);
    const { values, meets } = this.#choices.get(nameOf(concerned)) ?? this.#narrowed(key, concerned);
    const tried = new Set<Formula>();
    for (const [index, value] of values.entries()) {
      const left = this.formulas.replace(formula, (atom) => {
        const met = meets[index]!.get(atom);
        return met === undefined ? this.formulas.atom(atom) : met ? always : never;
      });
      if (tried.has(left)) continue;
      tried.add(left);
      const rest = this.#find(left);
      if (rest) return new Map([...rest, [key, value]]);
    }
    return undefined;
  }

  /** The parts in groups that have no key in common. */
  #apart(parts: readonly Formula[]): Formula[][] {
    let groups: { parts: Formula[]; keys: Set<string> }[] = [];
    for (const part of parts) {
      const joined = { parts: [part], keys: new Set(this.formulas.atomsIn(part).map((atom) => this.#keyOf(atom))) };
      const separate: typeof groups = [];
      for (const group of groups) {
        if (![...group.keys].some((key) => joined.keys.has(key))) {
          separate.push(group);
          continue;
        }
        joined.parts.push(...group.parts);
        for (const key of group.keys) joined.keys.add(key);
      }
      groups = [...separate, joined];
    }
    return groups.map((group) => group.parts);
  }

  #keyOf(atom: number): string {
    return this.#atoms[atom]!.unknown[0]!;
  }

  /** The values that tell these tests apart. */
  #choicesOf(key: string, numbers: readonly number[], facts: Facts, shapeOf: ShapeOf): Choices {
    const name = nameOf(numbers);
    const earlier = this.#choices.get(name);
    if (earlier) return earlier;
    const atoms = numbers.map((number) => this.#atoms[number]!);
    const { values, complete } = candidatesOf(key, atoms, facts, shapeOf);
    const meets = values.map(
      (value) =>
        new Map(numbers.map((number, index) => [number, atoms[index]!.under(withFact(facts, key, value)) === true])),
    );
    const choices = { values, meets, complete };
    this.#choices.set(name, choices);
    if (complete) this.#whole.set(key, [...(this.#whole.get(key) ?? []), { numbers: new Set(numbers), choices }]);
    return choices;
  }

  readonly #whole = new Map<string, { numbers: ReadonlySet<number>; choices: Choices }[]>();

  /** Fewer tests tell fewer values apart: what was found for more of them holds for these. */
  #narrowed(key: string, concerned: readonly number[]): Choices {
    const wider = this.#whole
      .get(key)!
      .find(({ numbers }) => concerned.every((number) => numbers.has(number)))!.choices;
    const distinct = new Map<string, number>();
    for (const [index, meets] of wider.meets.entries()) {
      const name = concerned.map((number) => (meets.get(number) ? '1' : '0')).join('');
      if (!distinct.has(name)) distinct.set(name, index);
    }
    const kept = [...distinct.values()];
    const choices: Choices = {
      values: kept.map((index) => wider.values[index]!),
      meets: kept.map((index) => new Map(concerned.map((number) => [number, wider.meets[index]!.get(number)!]))),
      complete: true,
    };
    this.#choices.set(nameOf(concerned), choices);
    return choices;
  }
}

const nameOf = (numbers: readonly number[]): string => numbers.join(' ');
