/** A formula by its number; equal formulas have one number. Only atoms are negated. */
export type Formula = number;

export const never: Formula = 0;
export const always: Formula = 1;

export type Node =
  | { kind: 'constant'; value: boolean }
  | { kind: 'atom'; atom: number; positive: boolean }
  | { kind: 'all' | 'any'; parts: readonly Formula[] };

/** Pairs that are remembered. */
const mostPairs = 50_000;

/** Formulas over numbered atoms, each stored once. */
export class Formulas {
  readonly #nodes: Node[] = [
    { kind: 'constant', value: false },
    { kind: 'constant', value: true },
  ];
  readonly #numbers = new Map<string, Formula>();
  readonly #opposites = new Map<Formula, Formula>([
    [never, always],
    [always, never],
  ]);
  readonly #atoms = new Map<Formula, readonly number[]>();
  /** Two joined, by both numbers: whoever asks of many joins the same few pairs. */
  readonly #pairs = { all: new Map<number, Formula>(), any: new Map<number, Formula>() };

  get size(): number {
    return this.#nodes.length;
  }

  nodeOf(formula: Formula): Node {
    return this.#nodes[formula]!;
  }

  atom(number: number, positive = true): Formula {
    return this.#intern(`${positive ? '' : '!'}${number}`, { kind: 'atom', atom: number, positive });
  }

  all(parts: readonly Formula[]): Formula {
    return this.#settled(parts, always, never) ?? this.#join('all', parts);
  }

  any(parts: readonly Formula[]): Formula {
    return this.#settled(parts, never, always) ?? this.#join('any', parts);
  }

  both(a: Formula, b: Formula): Formula {
    if (a === always || a === b) return b;
    if (b === always) return a;
    return a === never || b === never ? never : this.#pair('all', a, b);
  }

  either(a: Formula, b: Formula): Formula {
    if (a === never || a === b) return b;
    if (b === never) return a;
    return a === always || b === always ? always : this.#pair('any', a, b);
  }

  #pair(kind: 'all' | 'any', a: Formula, b: Formula): Formula {
    const pairs = this.#pairs[kind];
    // No number of a formula comes near to 2 ** 26.
    const name = a * 2 ** 26 + b;
    const earlier = pairs.get(name);
    if (earlier !== undefined) return earlier;
    const made = this.#join(kind, [a, b]);
    if (pairs.size >= mostPairs) pairs.clear();
    pairs.set(name, made);
    return made;
  }

  /** Most are: one part settles it, or no more than one says anything. */
  #settled(parts: readonly Formula[], neutral: Formula, absorbing: Formula): Formula | null {
    let left = neutral;
    let several = false;
    for (const part of parts) {
      if (part === absorbing) return absorbing;
      if (part === neutral || part === left) continue;
      several ||= left !== neutral;
      left = part;
    }
    return several ? null : left;
  }

  not(formula: Formula): Formula {
    const earlier = this.#opposites.get(formula);
    if (earlier !== undefined) return earlier;
    const made = this.#opposite(this.nodeOf(formula));
    this.#opposites.set(formula, made);
    this.#opposites.set(made, formula);
    return made;
  }

  /** Every atom in the formula, ascending. */
  atomsIn(formula: Formula): readonly number[] {
    const earlier = this.#atoms.get(formula);
    if (earlier) return earlier;
    const node = this.nodeOf(formula);
    const found =
      node.kind === 'atom'
        ? [node.atom]
        : node.kind === 'constant'
          ? []
          : node.parts.flatMap((part) => this.atomsIn(part));
    const atoms = [...new Set(found)].sort((a, b) => a - b);
    this.#atoms.set(formula, atoms);
    return atoms;
  }

  /** The formula with atoms replaced. */
  replace(formula: Formula, by: (atom: number) => Formula, done = new Map<Formula, Formula>()): Formula {
    const earlier = done.get(formula);
    if (earlier !== undefined) return earlier;
    const made = this.#replaced(formula, by, done);
    done.set(formula, made);
    return made;
  }

  #replaced(formula: Formula, by: (atom: number) => Formula, done: Map<Formula, Formula>): Formula {
    const node = this.nodeOf(formula);
    if (node.kind === 'constant') return formula;
    if (node.kind === 'atom') return node.positive ? by(node.atom) : this.not(by(node.atom));
    return this.#join(
      node.kind,
      node.parts.map((part) => this.replace(part, by, done)),
    );
  }

  #opposite(node: Node): Formula {
    if (node.kind === 'constant') return node.value ? never : always;
    if (node.kind === 'atom') return this.atom(node.atom, !node.positive);
    return this.#join(
      node.kind === 'all' ? 'any' : 'all',
      node.parts.map((part) => this.not(part)),
    );
  }

  #join(kind: 'all' | 'any', given: readonly Formula[]): Formula {
    const [neutral, absorbing] = kind === 'all' ? [always, never] : [never, always];
    const parts = new Set<Formula>();
    for (const part of given) {
      const node = this.nodeOf(part);
      if (node.kind === kind) for (const each of node.parts) parts.add(each);
      else if (part !== neutral) parts.add(part);
    }
    if (parts.has(absorbing) || this.#contradicts(parts)) return absorbing;
    if (parts.size === 0) return neutral;
    const sorted = [...parts].sort((a, b) => a - b);
    return sorted.length === 1 ? sorted[0]! : this.#intern(`${kind} ${sorted.join(' ')}`, { kind, parts: sorted });
  }

  /** Whether an atom and its opposite stand side by side. */
  #contradicts(parts: ReadonlySet<Formula>): boolean {
    for (const part of parts) if (this.nodeOf(part).kind === 'atom' && parts.has(this.not(part))) return true;
    return false;
  }

  #intern(name: string, node: Node): Formula {
    const earlier = this.#numbers.get(name);
    if (earlier !== undefined) return earlier;
    const number = this.#nodes.length;
    this.#nodes.push(node);
    this.#numbers.set(name, number);
    return number;
  }
}
