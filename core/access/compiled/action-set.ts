import type { Patterns } from '../../policy/statement.ts';
import { type Filled, parsePattern } from '../../policy/variables.ts';
import { type ActionNumbers, actionNumbers } from './action-numbers.ts';
import { type Bits, bitsFor, hasBit, setBit } from './bits.ts';
import { type Glob, globOf, matchesGlob } from './glob.ts';

/**
 * The actions of a statement. Of the catalogue's: few as a sorted list, many as bits. An action that the catalogue does
 * not know is held against the patterns themselves, so that none is ever dropped.
 */
export interface ActionSet {
  /** The set is everything but this (NotAction). */
  readonly not: boolean;
  readonly list: Uint16Array | null;
  readonly bits: Bits | null;
  /** In lower case. */
  readonly globs: readonly Glob[];
}

/** Beyond this the bits are the smaller and the faster. */
const fewest = 128;

/** Makes one set for all statements that list the same actions. */
export function createActionSets(numbers: ActionNumbers = actionNumbers()): (actions: Patterns) => ActionSet {
  const sets = new Map<string, ActionSet>();
  const expanded = new Map<string, Uint16Array>();
  const expand = (pattern: string): Uint16Array => {
    const earlier = expanded.get(pattern);
    if (earlier) return earlier;
    const members = membersOf(pattern, numbers);
    expanded.set(pattern, members);
    return members;
  };
  return ({ not, patterns }) => {
    const lower = [...new Set(patterns.map((pattern) => pattern.toLowerCase()))].sort();
    const name = `${not ? '!' : ''}${lower.join(' ')}`;
    const earlier = sets.get(name);
    if (earlier) return earlier;
    const set = setOf(not, lower.map(globFor), lower.map(expand), numbers.known);
    sets.set(name, set);
    return set;
  };
}

/** Whether the set holds the action of that number; `lower` is its name, for those that the catalogue does not know. */
export function holds(set: ActionSet, number: number, lower: string, known: number): boolean {
  if (number >= known) return set.globs.some((glob) => matchesGlob(glob, lower)) !== set.not;
  return (set.bits ? hasBit(set.bits, number) : isListed(set.list!, number)) !== set.not;
}

/** The catalogue's actions that the set holds, as bits. */
export function membersAsBits(set: ActionSet, known: number): Bits {
  const bits = set.bits ? set.bits.slice() : bitsFor(known);
  if (set.list) for (const number of set.list) setBit(bits, number);
  if (!set.not) return bits;
  for (let i = 0; i < bits.length; i++) bits[i] = ~bits[i]!;
  const beyond = known & 31;
  if (beyond !== 0) bits[bits.length - 1]! &= (1 << beyond) - 1;
  return bits;
}

/** Actions have no variables, so they are read as before there were any. */
const globFor = (pattern: string): Glob => globOf(parsePattern(pattern, '2008-10-17') as Filled);

function setOf(not: boolean, globs: readonly Glob[], members: readonly Uint16Array[], known: number): ActionSet {
  const most = members.reduce((sum, { length }) => sum + length, 0);
  if (most <= fewest) {
    const all = new Set(members.flatMap((part) => [...part]));
    return { not, list: Uint16Array.from(all).sort(), bits: null, globs };
  }
  const bits = bitsFor(known);
  for (const part of members) for (const number of part) setBit(bits, number);
  return { not, list: null, bits, globs };
}

function isListed(list: Uint16Array, number: number): boolean {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < number) low = middle + 1;
    else high = middle;
  }
  return list[low] === number;
}

/** The actions of the catalogue that a pattern in lower case covers. */
function membersOf(pattern: string, { known, lower, byName, services }: ActionNumbers): Uint16Array {
  const exact = byName.get(pattern);
  if (exact !== undefined) return Uint16Array.of(exact);
  const [from, to] = rangeOf(pattern, known, services);
  const star = pattern.indexOf('*');
  const prefix = star === pattern.length - 1 && !pattern.includes('?') ? pattern.slice(0, star) : null;
  const glob = globFor(pattern);
  const found: number[] = [];
  for (let number = from; number < to; number++) {
    const name = lower[number]!;
    if (prefix === null ? matchesGlob(glob, name) : name.startsWith(prefix)) found.push(number);
  }
  return Uint16Array.from(found);
}

/** The numbers of the service that the pattern names, all of them where it names none. */
function rangeOf(pattern: string, known: number, services: ActionNumbers['services']): readonly [number, number] {
  const service = pattern.slice(0, Math.max(pattern.indexOf(':'), 0));
  if (service === '' || /[*?]/.test(service)) return [0, known];
  return services.get(service) ?? [0, 0];
}
