import type { Configuration } from '../configuration.ts';
import type { AccountId } from '../identity/principal.ts';
import { type Day, dayAt, dayNumber, type Instant, secondsOf } from '../time.ts';

/** Which hours of a UTC day the full lane delivered for an account: bit h is hour h. Joined by OR. */
export interface Coverage {
  v: 1;
  account: AccountId;
  day: Day;
  hours: number;
  /** Where digests prove what was delivered: of this region alone. Absent: files show that something was. */
  region?: string;
}

/** Of the same account, day and region. */
export const joinCoverage = (a: Coverage, b: Coverage): Coverage => ({ ...a, hours: a.hours | b.hours });

/** All 24 hours. */
export const fullDay = 0xffffff;

/** The hours that events of the account's own log files show to be delivered, a row a day. */
export const coverageOf = (account: AccountId, times: Iterable<Instant>): readonly Coverage[] =>
  coverageOfHours(account, [...times].map(hourOf));

const hourOf = (time: Instant): number => Math.floor(secondsOf(time) / 3600);

/** Whole hours since 1970 as rows, one a day. */
export function coverageOfHours(account: AccountId, hours: Iterable<number>): readonly Coverage[] {
  const days = new Map<number, number>();
  for (const hour of hours) {
    const day = Math.floor(hour / 24);
    days.set(day, (days.get(day) ?? 0) | (1 << (hour % 24)));
  }
  return [...days].map(([day, bits]) => ({ v: 1, account, day: dayAt(day), hours: bits }));
}

/** The regions whose digests must prove an hour: those in use, and IAM's; null where there are no digests. */
export const digestRegionsOf = ({
  trail,
  regions,
}: Pick<Configuration, 'trail' | 'regions'>): readonly string[] | null =>
  trail?.logFileValidation ? [...new Set([...regions, 'us-east-1'])] : null;

/**
 * The hours of an account that count as delivered. Without log file validation (`regions` null) those of which files
 * hold events. With it, those that digests prove in every one of the regions: the hour's own deliveries, those of the
 * hour before, since digests do not begin on the hour, and those of the next, since what happens late in an hour is
 * delivered in the next one.
 */
export function deliveredHours(rows: readonly Coverage[], regions: readonly string[] | null): readonly Coverage[] {
  if (regions === null) return rows.filter((row) => row.region === undefined);
  const proven = regions.map((region) => hoursIn(rows.filter((row) => row.region === region)));
  const [first] = proven;
  const [account] = rows.map((row) => row.account);
  if (first === undefined || account === undefined) return [];
  const isProven = (hour: number) =>
    proven.every((hours) => [hour - 1, hour, hour + 1].every((each) => hours.has(each)));
  return coverageOfHours(account, [...first].filter(isProven));
}

function hoursIn(rows: readonly Coverage[]): ReadonlySet<number> {
  const hours = new Set<number>();
  for (const { day, hours: bits } of rows)
    for (let hour = 0; hour < 24; hour++) if (bits & (1 << hour)) hours.add(dayNumber(day) * 24 + hour);
  return hours;
}
