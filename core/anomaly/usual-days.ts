import { type Day, dayAt, dayNumber, dayOf } from '../time.ts';
import type { LedgerItem } from '../usage/item.ts';
import type { Assessment } from './case.ts';
import { joinOverPrincipals, type Known } from './novelty.ts';

/** What an actor's weeks look like, with the case's days marked: enough to draw, and the same in words. */
export interface UsualDays {
  /** A Monday. */
  from: Day;
  /** Different actions used on each day since then, whole weeks of them; what the case tells is left out. */
  counts: readonly number[];
  /** Days of the case, as places in `counts`. */
  marked: readonly number[];
  /** Places from this one on lie after the case. */
  end: number;
  /** For whoever does not see the picture. */
  words: string;
}

const weeks = 16;
const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/**
 * The sixteen weeks up to a case. The ledger keeps the days of each use and no hours, so days are what can be shown.
 * `items` are the actor's, over all principals.
 */
export function usualDaysOf(items: readonly LedgerItem[], told: Pick<Assessment, 'from' | 'to' | 'first'>): UsualDays {
  const [first, last] = [dayNumber(dayOf(told.from)), dayNumber(dayOf(told.to))];
  const monday = last - weekday(last) - (weeks - 1) * 7;
  const counts = Array<number>(weeks * 7).fill(0);
  const isNew = new Set(told.first.flatMap(({ kind, action }) => (kind === 'action' ? [action] : [])));
  for (const known of joinOverPrincipals(items).values()) {
    if (!isUsual(known)) continue;
    for (const day of known.days) {
      const place = dayNumber(day) - monday;
      const isTold = dayNumber(day) >= first && isNew.has(known.action!);
      if (place >= 0 && place <= last - monday && !isTold) counts[place]! += 1;
    }
  }
  const marked = Array.from({ length: last - first + 1 }, (_, i) => first - monday + i).filter((place) => place >= 0);
  const usual = { from: dayAt(monday), counts, marked, end: last - monday + 1 };
  return { ...usual, words: wordsOf(usual) };
}

const isUsual = ({ kind, denied }: Known): boolean => kind === 'action' && !denied;

/** 0 is Monday; day 0 of the count was a Thursday. */
const weekday = (day: number): number => (((day + 3) % 7) + 7) % 7;

function wordsOf({ counts, marked, from }: Omit<UsualDays, 'words'>): string {
  const start = Math.min(...marked);
  const before = counts.slice(0, start);
  const busy = before.filter((count) => count > 0);
  const day = dayAt(dayNumber(from) + start);
  const when = `What is new was on ${names[start % 7]} ${day}`;
  if (busy.length === 0) return `Nothing was seen in the ${start} days before. ${when}.`;
  const weekend = before.filter((count, i) => count > 0 && i % 7 > 4).length;
  const middle = [...busy].sort((a, b) => a - b)[Math.floor(busy.length / 2)]!;
  const rest = weekend === 0 ? 'never at a weekend' : `${weekend} of them at weekends`;
  const things = middle === 1 ? 'one permission' : `${middle} permissions`;
  return `At work on ${busy.length} of the ${start} days before, ${rest}, mostly with ${things} a day. ${when}.`;
}
