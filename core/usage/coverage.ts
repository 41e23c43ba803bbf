import type { AccountId } from '../identity/principal.ts';
import { type Day, dayOf, type Instant } from '../time.ts';

/** Which hours of a UTC day the full lane delivered for an account: bit h is hour h. Joined by OR. */
export interface Coverage {
  v: 1;
  account: AccountId;
  day: Day;
  hours: number;
}

export const joinCoverage = (a: Coverage, b: Coverage): Coverage => ({ ...a, hours: a.hours | b.hours });

/** All 24 hours. */
export const fullDay = 0xffffff;

/** The hours that events of the account's own log files show to be delivered, a row a day. */
export function coverageOf(account: AccountId, times: Iterable<Instant>): readonly Coverage[] {
  const hours = new Map<Day, number>();
  for (const time of times) {
    const day = dayOf(time);
    hours.set(day, (hours.get(day) ?? 0) | (1 << Number(time.slice(11, 13))));
  }
  return [...hours].map(([day, bits]) => ({ v: 1, account, day, hours: bits }));
}
