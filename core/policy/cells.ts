import { any, one, type Step, symbolsOf } from './match.ts';
import type { Filled } from './variables.ts';

/** Some text that the question covers, and which of the patterns match it. */
interface Cell {
  sample: string;
  /** Indexes of the patterns, ascending. */
  matched: readonly number[];
}

export interface Cells {
  cells: readonly Cell[];
  /** False where there are more cells than were looked for: what is not here may be. */
  complete: boolean;
}

/**
 * Splits all texts that a question covers by which patterns match them: one cell for each combination that there is,
 * with a shortest text of it. Whatever looks at a text only through these patterns says the same of a whole cell, so
 * asking about every sample answers for every text.
 *
 * The patterns are run side by side as automata, breadth first; `most` bounds the places looked at, since patterns that overlap
 * in many ways have exponentially many combinations.
 */
export function cellsOf(question: Filled, patterns: readonly Filled[], most = 200_000): Cells {
  if (patterns.every(isAnything))
    return { cells: [{ sample: shortestOf(question), matched: patterns.map((_, i) => i) }], complete: true };
  const machines = [question, ...patterns].map(symbolsOf);
  const seen = new Set<string>();
  const cells = new Map<string, Cell>();
  let level: State[] = [{ text: '', live: machines.map((steps, index) => [index, closed(steps, [0])] as const) }];
  let work = 0;
  while (level.length > 0 && work <= most) {
    const next: State[] = [];
    for (const state of level) {
      if (work > most) break;
      note(state, machines, cells);
      work += weightOf(state);
      for (const each of after(state, machines)) {
        const key = each.live.map(([index, at]) => `${index}:${at.join(',')}`).join(' ');
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(each);
      }
    }
    level = next;
  }
  return { cells: [...cells.values()], complete: work <= most };
}

/** A pattern of many wildcards is at many places at once, and each of them is work. */
const weightOf = ({ live }: State): number =>
  live.reduce((sum, [, at]) => sum + 1 + Math.max(0, at.length - fewPlaces), 0);

const fewPlaces = 8;

const isAnything = (pattern: Filled): boolean => pattern.length === 1 && pattern[0]?.kind === 'any';

const shortestOf = (pattern: Filled): string =>
  pattern.map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'any' ? '' : 'x')).join('');

/** Patterns that can still match, the question first, each with the places it may be at. */
interface State {
  text: string;
  live: readonly (readonly [index: number, at: readonly number[]])[];
}

function note({ text, live }: State, machines: readonly (readonly Step[])[], cells: Map<string, Cell>): void {
  const done = live.filter(([index, at]) => at.at(-1) === machines[index]!.length).map(([index]) => index);
  if (done[0] !== 0) return;
  const matched = done.slice(1).map((index) => index - 1);
  const key = matched.join(' ');
  if (!cells.has(key)) cells.set(key, { sample: text, matched });
}

function* after(state: State, machines: readonly (readonly Step[])[]): Generator<State> {
  for (const char of charactersFrom(state, machines)) {
    const live = state.live
      .map(([index, at]) => [index, moved(machines[index]!, at, char)] as const)
      .filter(([, at]) => at.length > 0);
    if (live[0]?.[0] === 0) yield { text: state.text + char, live };
  }
}

/** Every character that some pattern waits for, and one that none does. */
function charactersFrom({ live }: State, machines: readonly (readonly Step[])[]): Set<string> {
  const characters = new Set<string>();
  let open = false;
  for (const [index, at] of live) {
    for (const place of at) {
      const step = machines[index]![place];
      if (typeof step === 'string') characters.add(step);
      else if (step !== undefined && index === 0) open = true;
    }
  }
  const other = open ? [...'xyzabcdefghijklmnopqrstuvw0123456789-_~'].find((char) => !characters.has(char)) : undefined;
  return other === undefined ? characters : new Set([other, ...characters]);
}

function moved(steps: readonly Step[], at: readonly number[], char: string): number[] {
  const to: number[] = [];
  for (const place of at) {
    const step = steps[place];
    if (step === any) to.push(place);
    else if (step === one || step === char) to.push(place + 1);
  }
  return closed(steps, to);
}

/** A run may be empty: whoever stands before one also stands behind it. */
function closed(steps: readonly Step[], at: readonly number[]): number[] {
  const all = new Set<number>();
  for (let place of at) {
    all.add(place);
    while (steps[place] === any) {
      place += 1;
      all.add(place);
    }
  }
  return [...all].sort((a, b) => a - b);
}
