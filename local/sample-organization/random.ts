/** A small seeded generator (xoshiro128**): the same seed gives the same organization on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Picks by weight. */
  weighted<T>(list: readonly (readonly [T, number])[]): T;
  hex(length: number): string;
  /** Letters and digits as in IAM's unique ids. */
  letters(length: number): string;
  uuid(): string;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A generator of its own for everything that has a name, so that one part's appetite never shifts another's numbers. */
export function randomOf(...names: readonly (string | number)[]): Random {
  const draw = xoshiro(names.join('/'));
  const next = () => draw() / 0x100000000;
  const below = (limit: number) => Math.floor(next() * limit);
  const hex = (length: number) => {
    let text = '';
    while (text.length < length) text += draw().toString(16).padStart(8, '0');
    return text.slice(0, length);
  };
  const letters = (length: number) => {
    let text = '';
    while (text.length < length) text += alphabet[below(alphabet.length)];
    return text;
  };
  return {
    next,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability,
    pick: (list) => list[below(list.length)]!,
    weighted: (list) => pickByWeight(list, next()),
    hex,
    letters,
    uuid: () => uuidOf(hex(32)),
  };
}

/** Version 4, variant 1. */
const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;

function pickByWeight<T>(list: readonly (readonly [T, number])[], at: number): T {
  const total = list.reduce((sum, [, weight]) => sum + weight, 0);
  let left = at * total;
  for (const [value, weight] of list) {
    left -= weight;
    if (left < 0) return value;
  }
  return list[list.length - 1]![0];
}

function xoshiro(seed: string): () => number {
  let [a, b, c, d] = wordsOf(seed);
  const draw = () => {
    const times = Math.imul(b, 5);
    const result = Math.imul((times << 7) | (times >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  for (let i = 0; i < 16; i++) draw();
  return draw;
}

/** Four words of state from a text, by FNV-1a carried on from word to word. */
function wordsOf(seed: string): [number, number, number, number] {
  let hash = 0x811c9dc5;
  const words: [number, number, number, number] = [0, 0, 0, 0];
  for (let word = 0; word < 4; word++) {
    for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    words[word] = hash ^ (word * 0x9e3779b9);
  }
  return words;
}
