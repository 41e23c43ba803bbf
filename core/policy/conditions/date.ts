import { type Filled, literalOf } from '../variables.ts';
import type { Comparison } from './comparison.ts';

const iso = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?)?)?)?$/;

/**
 * Milliseconds since 1970 of an ISO 8601 date in one of W3C's profiles, or of the seconds of epoch time; a time without
 * zone is UTC. NaN for anything else. Four digits are a year.
 */
export function momentOf(text: string): number {
  const match = iso.exec(text.trim());
  if (!match) return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Number.NaN;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    match;
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const milliseconds = `${fraction.slice(1)}000`.slice(0, 3);
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${offset}`);
}

const accepts = (value: string): boolean => !Number.isNaN(momentOf(value));
const by =
  (holds: (actual: number, wanted: number) => boolean) =>
  (actual: string, wanted: Filled): boolean =>
    holds(momentOf(actual), momentOf(literalOf(wanted)));
const equals = by((actual, wanted) => actual === wanted);

/** Moments in time. What is no moment meets nothing. */
export const dateComparisons = {
  DateEquals: { negated: false, accepts, meets: equals },
  DateNotEquals: { negated: true, accepts, meets: equals },
  DateLessThan: { negated: false, accepts, meets: by((actual, wanted) => actual < wanted) },
  DateLessThanEquals: { negated: false, accepts, meets: by((actual, wanted) => actual <= wanted) },
  DateGreaterThan: { negated: false, accepts, meets: by((actual, wanted) => actual > wanted) },
  DateGreaterThanEquals: { negated: false, accepts, meets: by((actual, wanted) => actual >= wanted) },
} satisfies Record<string, Comparison>;
