import { type Day, dayAt, dayNumber } from '../time.ts';

/** How something comes around that is used in spells: by the month, the quarter or the year. */
export type Rhythm = 'monthly' | 'quarterly' | 'yearly';

export interface Season {
  rhythm: Rhythm;
  /** The first day of each spell of use, ascending. */
  spells: readonly Day[];
  /** About when it comes around again. */
  next: Day;
}

/** Days of use that lie no further apart belong to one spell: a weekend and a holiday may lie between them. */
const spellGap = 5;
/** Jobs at the end of something move with its length, with weekends and holidays: by so many days at most. */
const shift = 3;
/** Least and greatest days from one spell to the next, by length of months, quarters and years. */
const periods: readonly { rhythm: Rhythm; least: number; most: number; usual: number; spells: number }[] = [
  { rhythm: 'monthly', least: 28 - shift, most: 31 + shift, usual: 30, spells: 3 },
  { rhythm: 'quarterly', least: 90 - shift, most: 92 + shift, usual: 91, spells: 2 },
  { rhythm: 'yearly', least: 365 - shift, most: 366 + shift, usual: 365, spells: 2 },
];

/**
 * The rhythm in days of use (any order, repetitions included): every spell follows the one before it after one period, or
 * two where one was left out. undefined where there is none to see: steady use, use now and then, a single spell.
 */
export function seasonOf(days: Iterable<Day>): Season | undefined {
  const numbers = [...new Set(days)].map(dayNumber).sort((a, b) => a - b);
  const starts = numbers.filter((day, i) => i === 0 || day - (numbers[i - 1] as number) > spellGap);
  const steps = starts.slice(1).map((start, i) => start - (starts[i] as number));
  const period = periods.find(
    ({ spells, least, most }) => starts.length >= spells && steps.every((step) => isPeriod(step, least, most)),
  );
  if (period === undefined) return undefined;
  return {
    rhythm: period.rhythm,
    spells: starts.map(dayAt),
    next: dayAt((starts.at(-1) as number) + period.usual),
  };
}

const isPeriod = (step: number, least: number, most: number): boolean =>
  (step >= least && step <= most) || (step >= 2 * least && step <= 2 * most);

/** Days in which a rhythm surely comes around twice. */
export const daysOfTwo: Readonly<Record<Rhythm, number>> = { monthly: 62 + shift, quarterly: 184 + shift, yearly: 400 };
