import { cellsOf } from '../../policy/cells.ts';
import { arnParts } from '../../policy/conditions/arn.ts';
import { momentOf } from '../../policy/conditions/date.ts';
import { ipRangeOf } from '../../policy/conditions/ip-address.ts';
import { numberOf } from '../../policy/conditions/numeric.ts';
import { type Filled, literalOf } from '../../policy/variables.ts';

/** Values such that every value there is behaves like one of them. */
export interface Samples {
  values: readonly string[];
  /** False where some combination may be missing. */
  complete: boolean;
}

/** Below, at and above every bound, and between neighbours where fractions exist. */
export function numberSamples(wanted: readonly string[], whole: boolean): Samples {
  const bounds = [...new Set(wanted.map(numberOf))].filter((bound) => !Number.isNaN(bound)).sort((a, b) => a - b);
  const between = whole ? [] : bounds.slice(1).map((bound, index) => (bound + (bounds[index] ?? bound)) / 2);
  const values = [...bounds.flatMap((bound) => [bound - 1, bound, bound + 1]), ...between];
  return { values: [...new Set(values)].map(plain), complete: true };
}

const plain = (value: number): string => (Number.isInteger(value) ? value.toFixed(0) : String(value));

/** A second before, at and after every moment. */
export function dateSamples(wanted: readonly string[], asSeconds: boolean): Samples {
  const moments = wanted.map(momentOf).filter((moment) => !Number.isNaN(moment));
  const values = [...new Set(moments.flatMap((moment) => [moment - 1000, moment, moment + 1000]))];
  const written = values.map((value) => (asSeconds ? plain(value / 1000) : dateText(value)));
  return { values: written.filter((text) => text !== ''), complete: true };
}

const farthest = 8.64e15;
const dateText = (moment: number): string =>
  Math.abs(moment) > farthest ? '' : new Date(moment).toISOString().replace('.000Z', 'Z');

/** An address for each way of lying in some ranges and not in others: these change only where one begins or has ended. */
export function addressSamples(wanted: readonly string[]): Samples {
  const values = new Set(['192.0.2.1', '2001:db8::1']);
  for (const range of wanted.flatMap((text) => ipRangeOf(text) ?? [])) {
    for (const at of [0n, range.first, range.last + 1n]) {
      if (at < 1n << BigInt(range.bits)) values.add(addressText(at, range.bits));
    }
  }
  return { values: [...values], complete: true };
}

function addressText(value: bigint, bits: 32 | 128): string {
  const [size, count, base, mark] = bits === 32 ? ([8n, 4, 10, '.'] as const) : ([16n, 8, 16, ':'] as const);
  return Array.from({ length: count }, (_, index) =>
    ((value >> (size * BigInt(count - 1 - index))) & ((1n << size) - 1n)).toString(base),
  ).join(mark);
}

/** Patterns that overlap in ever more ways are cut off here. */
const mostStates = 2000;

const something: Filled = [{ kind: 'one' }, { kind: 'any' }];
const hasWildcard = (pattern: Filled): boolean => pattern.some(({ kind }) => kind !== 'text');

/** A text for every combination of the patterns that there is; `shape` is what all texts look like. */
export function textSamples(patterns: readonly Filled[], shape: Filled = something): Samples {
  const distinct = [...new Map(patterns.map((pattern) => [JSON.stringify(pattern), pattern])).values()];
  const empty = shape === something && distinct.some((pattern) => pattern.length === 0) ? [''] : [];
  if (shape === something && !distinct.some(hasWildcard)) {
    const literals = distinct.map(literalOf).filter((text) => text !== '');
    return { values: [...empty, ...literals, otherThan(literals)], complete: true };
  }
  const { cells, complete } = cellsOf(shape, distinct, mostStates);
  return { values: [...empty, ...cells.map(({ sample }) => sample)], complete };
}

/** A text that is none of these. */
export function otherThan(texts: readonly string[]): string {
  let text = 'other';
  while (texts.some((each) => each.toLowerCase() === text)) text += 'x';
  return text;
}

/** An ARN for every combination of the patterns' parts. */
export function arnSamples(patterns: readonly Filled[]): Samples {
  const split = patterns.map(arnParts).filter((parts) => parts.length === 6);
  let arns: string[][] = [['arn']];
  let complete = true;
  for (let place = 1; place < 6; place += 1) {
    const column = textSamples(
      split.flatMap((parts) => parts[place] ?? []).length === 0 ? [] : split.map((parts) => parts[place] ?? []),
      place < 5 ? anyText : something,
    );
    const longer = arns.flatMap((head) => column.values.map((value) => [...head, value]));
    complete &&= column.complete && longer.length <= most;
    arns = longer.slice(0, most);
  }
  return { values: arns.map((parts) => parts.join(':')), complete };
}

const anyText: Filled = [{ kind: 'any' }];
const most = 1000;
