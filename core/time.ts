/**
 * A moment in UTC to the second, always written `YYYY-MM-DDTHH:MM:SSZ`, so that comparing the text compares the time.
 * CloudTrail's eventTime and IAM's date conditions have the same grain.
 */
export type Instant = string & { readonly __brand: 'Instant' };

/** A UTC day, `YYYY-MM-DD`. */
export type Day = string & { readonly __brand: 'Day' };

const instantPattern =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;

/** Reads an ISO 8601 UTC time and cuts it to the second; undefined when the text is not one. */
export function parseInstant(text: string): Instant | undefined {
  if (!instantPattern.test(text)) return undefined;
  return (text.length === 20 ? text : `${text.slice(0, 19)}Z`) as Instant;
}

/** The instant at `seconds` since 1970-01-01T00:00:00Z; fractions are cut. */
export const instantAt = (seconds: number): Instant =>
  `${new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19)}Z` as Instant;

/** Seconds since 1970-01-01T00:00:00Z. */
export const secondsOf = (instant: Instant): number => Date.parse(instant) / 1000;

/** The instant `seconds` later (earlier when negative). */
export const plusSeconds = (instant: Instant, seconds: number): Instant => instantAt(secondsOf(instant) + seconds);

/** The UTC day that holds the instant. */
export const dayOf = (instant: Instant): Day => instant.slice(0, 10) as Day;

/** Whole days since 1970-01-01. */
export const dayNumber = (day: Day): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000;

/** The day with that number. */
export const dayAt = (number: number): Day => new Date(number * 86_400_000).toISOString().slice(0, 10) as Day;
