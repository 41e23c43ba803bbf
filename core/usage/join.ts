import { canonicalJson } from '../audit/canonical.ts';
import { type Day, dayAt, dayNumber, dayOf } from '../time.ts';
import { keep, type Rank } from './bounded.ts';
import { type Trust, trustClasses } from './event.ts';
import type { Entry, FirstUse, LedgerItem } from './item.ts';
import { memo } from './memo.ts';

/** Days kept before an entry's own last day. */
export const keptDays = 400;
/** A facet that rested that many days and comes back is worth a look. */
export const restDays = 45;

/** The join of two states of the same item: commutative, associative, idempotent (ADR-0001). */
export function joinItems(a: LedgerItem, b: LedgerItem, rank: Rank): LedgerItem {
  const entries = new Map(a.entries);
  for (const [value, entry] of b.entries) {
    const known = entries.get(value);
    entries.set(value, known === undefined ? entry : joinEntries(known, entry));
  }
  const kept = keep([...entries.keys()], rank);
  const overflow = a.overflow || b.overflow || kept.length < entries.size;
  return {
    ...a,
    arn: leastArn(a.arn, b.arn),
    entries: kept.length === entries.size ? entries : new Map(kept.map((value) => [value, entries.get(value)!])),
    overflow,
  };
}

export const leastArn = (a: string | null, b: string | null): string | null => {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
};

export function joinEntries(a: Entry, b: Entry): Entry {
  const last = later(a.last, b.last);
  const days = joinDays(a.days, b.days, last);
  const first = joinFirst(a.first, b.first);
  return { trust: joinTrust(a.trust, b.trust), first, last, days, returns: joinReturns(a, b, { first, last, days }) };
}

const joinTrust = (a: Trust, b: Trust): Trust => (a === b || trustClasses.indexOf(a) > trustClasses.indexOf(b) ? a : b);

/** Negative when `a` is earlier; events of one second are ordered by their id. */
export function compareUses(a: Pick<FirstUse, 'time' | 'eventID'>, b: Pick<FirstUse, 'time' | 'eventID'>): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  if (a.eventID !== b.eventID) return a.eventID < b.eventID ? -1 : 1;
  return 0;
}

/**
 * The earlier use. The same event read twice may differ in what its way told (back-fill or not, an account): it is
 * historic only where every reading was, and of two contexts the one stays whose canonical JSON is less.
 */
export function joinFirst(a: FirstUse, b: FirstUse): FirstUse {
  const order = compareUses(a, b);
  if (order !== 0) return order < 0 ? a : b;
  if (a === b) return a;
  const historic = a.historic && b.historic;
  const [one, other] = [
    { ...a, historic },
    { ...b, historic },
  ];
  return canonicalJson(one) <= canonicalJson(other) ? one : other;
}

function joinDays(a: readonly Day[], b: readonly Day[], last: Day): readonly Day[] {
  const oldest = oldestDay(last);
  const union: Day[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]];
    const next = y === undefined || (x !== undefined && x <= y) ? x! : y;
    if (x === next) i++;
    if (y === next) j++;
    if (next >= oldest) union.push(next);
  }
  return union;
}

function later(a: Day, b: Day): Day {
  if (a < b) return b;
  return a;
}

const number = memo((day) => dayNumber(day as Day));
/** Nothing older than this is kept. */
const oldestDay = memo((last) => dayAt(number(last) - keptDays));
const sinceDay = memo((last) => dayAt(number(last) - keptDays + restDays));

/** Days from one to the other. */
const daysBetween = (from: Day, to: Day): number => number(to) - number(from);

/**
 * The least event of every day on which the facet came back. Exact under any order of arrival: the least event of a day
 * is among the returns of one side, or it is that side's first use; a day that some other day refutes never comes back,
 * because every day that could refute a return we keep lies within the days we keep: hence the cut at 400 − 45.
 */
function joinReturns(a: Entry, b: Entry, now: Pick<Entry, 'first' | 'last' | 'days'>): readonly FirstUse[] {
  const since = sinceDay(now.last);
  const firstDay = dayOf(now.first.time);
  const least = new Map<Day, FirstUse>();
  for (const use of [a.first, b.first, ...a.returns, ...b.returns]) {
    const day = dayOf(use.time);
    if (day <= firstDay || day < since) continue;
    const known = least.get(day);
    least.set(day, known === undefined ? use : joinFirst(known, use));
  }
  if (least.size === 0) return none;
  const returns = [...least].filter(([day]) => restedBefore(day, now.days)).map(([, use]) => use);
  return returns.sort(compareUses);
}

const none: readonly FirstUse[] = [];

function restedBefore(day: Day, days: readonly Day[]): boolean {
  const before = days[days.indexOf(day) - 1];
  return before === undefined || daysBetween(before, day) >= restDays;
}
