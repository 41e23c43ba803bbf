import { type Day, dayAt, dayNumber, dayOf, type Instant } from '../time.ts';
import { type Coverage, fullDay } from '../usage/coverage.ts';

/** The whole UTC days that are judged, both included. */
export interface Window {
  first: Day;
  last: Day;
}

/**
 * The newest `days` days that ended 24 hours ago or longer: until then events may still come in (lateness bound), so a
 * younger day is not whole. What is known to be used in it counts as use all the same.
 */
export function windowOf(now: Instant, days: number): Window {
  const last = dayNumber(dayOf(now)) - 2;
  return { first: dayAt(last - days + 1), last: dayAt(last) };
}

/** The first day of the window of which not every hour was delivered; undefined when it is whole. */
export function gapIn(window: Window, coverage: readonly Coverage[]): Day | undefined {
  const hours = new Map<Day, number>();
  for (const part of coverage) hours.set(part.day, (hours.get(part.day) ?? 0) | part.hours);
  for (let day = dayNumber(window.first); day <= dayNumber(window.last); day += 1) {
    if (hours.get(dayAt(day)) !== fullDay) return dayAt(day);
  }
  return undefined;
}

/** Whole days. */
export const lengthOf = ({ first, last }: Window): number => dayNumber(last) - dayNumber(first) + 1;

export const startOf = (window: Window): Instant => `${window.first}T00:00:00Z` as Instant;
export const endOf = (window: Window): Instant => `${window.last}T23:59:59Z` as Instant;
