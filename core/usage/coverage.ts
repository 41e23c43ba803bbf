import type { AccountId } from '../identity/principal.ts';
import type { Day } from '../time.ts';

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
