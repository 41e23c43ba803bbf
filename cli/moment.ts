import { type Day, dayAt, dayNumber, type Instant, parseInstant } from '../core/time.ts';

/** A moment of the command line; throws with how to write it. */
export function momentIn(flag: string, text: string): Instant {
  const instant = parseInstant(text);
  if (instant === undefined || Number.isNaN(Date.parse(instant)))
    throw new Error(`${flag} ${text}: write it like 2026-03-31T12:00:00Z`);
  return instant;
}

/** A moment, or a day: its begin, or as the end of a period the begin of the next, so that the day is in it. */
export function edgeOf(flag: '--from' | '--to', text: string): Instant {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return momentIn(flag, text);
  const begin = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(begin)) throw new Error(`${flag} ${text}: there is no such day`);
  const day = flag === '--from' ? dayAt(dayNumber(text as Day)) : dayAt(dayNumber(text as Day) + 1);
  return `${day}T00:00:00Z` as Instant;
}
