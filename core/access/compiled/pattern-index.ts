import type { Filled } from '../../policy/variables.ts';
import { type Bits, bitsFor, setBit } from './bits.ts';
import { type Glob, globOf, matchesGlob } from './glob.ts';

/** Resource patterns whose variables are filled, each with a number. */
export interface PatternIndex {
  /** The number of a pattern; equal patterns share one. */
  numberOf(pattern: Filled): number;
  matches(number: number, resource: string): boolean;
  /** The numbers of all patterns that match. */
  matching(resource: string): Bits;
  count(): number;
}

/** A pattern's first literal decides where it stands: patterns are only looked at along the resource's own letters. */
interface Node {
  label: string;
  /** Nothing stands behind the literal. */
  exact: number[];
  /** Only a `*` stands behind it. */
  prefixes: number[];
  /** More stands behind it. */
  globs: number[];
  children: Map<number, Node>;
}

const emptyNode = (label: string): Node => ({ label, exact: [], prefixes: [], globs: [], children: new Map() });

export function createPatternIndex(): PatternIndex {
  const globs: Glob[] = [];
  const numbers = new Map<string, number>();
  const root = emptyNode('');
  return {
    numberOf: (pattern) => {
      const name = JSON.stringify(pattern);
      const earlier = numbers.get(name);
      if (earlier !== undefined) return earlier;
      const number = globs.length;
      globs.push(globOf(pattern));
      numbers.set(name, number);
      place(root, pattern, number);
      return number;
    },
    matches: (number, resource) => matchesGlob(globs[number]!, resource),
    matching: (resource) => {
      const found = bitsFor(globs.length);
      walk(root, resource, found, globs);
      return found;
    },
    count: () => globs.length,
  };
}

function place(root: Node, pattern: Filled, number: number): void {
  const [first, second] = pattern;
  const literal = first?.kind === 'text' ? first.text : '';
  const node = nodeAt(root, literal);
  const rest = literal === '' ? pattern.length : pattern.length - 1;
  const next = literal === '' ? first : second;
  if (rest === 0) node.exact.push(number);
  else if (rest === 1 && next?.kind === 'any') node.prefixes.push(number);
  else node.globs.push(number);
}

/** The node of a literal, made where there is none. */
function nodeAt(root: Node, literal: string): Node {
  let node = root;
  let rest = literal;
  while (rest !== '') {
    const child = node.children.get(rest.charCodeAt(0));
    if (!child) {
      const made = emptyNode(rest);
      node.children.set(rest.charCodeAt(0), made);
      return made;
    }
    const shared = sharedLength(child.label, rest);
    node = shared === child.label.length ? child : split(node, child, shared);
    rest = rest.slice(shared);
  }
  return node;
}

/** Puts a node in the middle of a label. */
function split(parent: Node, child: Node, at: number): Node {
  const middle = emptyNode(child.label.slice(0, at));
  child.label = child.label.slice(at);
  middle.children.set(child.label.charCodeAt(0), child);
  parent.children.set(middle.label.charCodeAt(0), middle);
  return middle;
}

function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

function walk(root: Node, resource: string, found: Bits, globs: readonly Glob[]): void {
  let node: Node | undefined = root;
  let at = 0;
  while (node) {
    for (const number of node.prefixes) setBit(found, number);
    for (const number of node.globs) if (matchesGlob(globs[number]!, resource)) setBit(found, number);
    if (at === resource.length) {
      for (const number of node.exact) setBit(found, number);
      return;
    }
    node = node.children.get(resource.charCodeAt(at));
    if (!node?.label || !resource.startsWith(node.label, at)) return;
    at += node.label.length;
  }
}
