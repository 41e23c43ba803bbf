import { type Day, dayAt, dayNumber, dayOf } from '../time.ts';
import { type Trust, trustClasses, type UsageEvent } from './event.ts';
import type { Entry, FirstUse } from './item.ts';
import { compareUses, joinEntries, keptDays, restDays } from './join.ts';

/** What the table needs of the event that is being folded. */
export interface Moment {
  event: UsageEvent;
  day: Day;
  /** Of `day`. */
  number: number;
  /** Where in a ring the day lies. */
  word: number;
  bit: number;
  /** The place of the event's trust among the classes. */
  trust: number;
  /** The event's circumstances, `by` being the action that carried the fact. */
  useBy(by: string): FirstUse;
}

/** The place of an entry in the table. */
export type EntryId = number;

/** An entry's words: the day of its first use, its last day, its state, then the ring of its days. */
const [firstDay, lastDay, state, ring, wide] = [0, 1, 2, 3, 16];
/** Days that a ring can tell apart, which is more than are kept: a day's bit is the day's number modulo this. */
const around = (wide - ring) * 32;
/** No day has a number below minus this: a multiple of `around`. */
const before = around * 2000;
/** Added to the trust in the state of an entry that came back. */
const cameBack = 8;

const none: readonly FirstUse[] = [];

/** Where in a ring the day of this number lies. */
export const placeOfDay = (number: number): { word: number; bit: number } => {
  const place = (number + before) % around;
  return { word: place >> 5, bit: 1 << (place & 31) };
};

/**
 * Entries while they grow, as numbers side by side: a long log is mostly one more event on a day that the entry has or
 * one more day, and a few words in one place tell and take that, where objects would be many to follow and to collect.
 * Everything else goes through `joinEntries`.
 */
export class EntryTable {
  private words = new Int32Array(16 * wide);
  private readonly firsts: FirstUse[] = [];
  private readonly returns = new Map<EntryId, readonly FirstUse[]>();
  private readonly free: EntryId[] = [];

  /** An entry of this event alone. */
  add(by: string, moment: Moment): EntryId {
    const id = this.free.pop() ?? this.firsts.length;
    const { number, word, bit, trust } = moment;
    const at = id * wide;
    if (at === this.words.length) this.grow();
    this.firsts[id] = moment.useBy(by);
    this.words.fill(0, at, at + wide);
    this.words[at + firstDay] = number;
    this.words[at + lastDay] = number;
    this.words[at + state] = trust;
    this.words[at + ring + word] = bit;
    return id;
  }

  remove(id: EntryId): void {
    this.returns.delete(id);
    this.free.push(id);
  }

  /** Joins the event to the entry. */
  join(id: EntryId, by: string, moment: Moment): void {
    if (this.isSaid(id, moment) || this.isNextDay(id, moment)) return;
    const { event, day } = moment;
    const own = { trust: event.trust, first: moment.useBy(by), last: day, days: [day], returns: none };
    this.set(id, joinEntries(this.get(id), own));
  }

  /** The entry as it stands. */
  get(id: EntryId): Entry {
    const at = id * wide;
    const last = this.words[at + lastDay]!;
    return {
      trust: trustClasses[this.words[at + state]! % cameBack]!,
      first: this.firsts[id]!,
      last: dayNumbered(last),
      days: this.daysOf(at, last),
      returns: this.returns.get(id) ?? none,
    };
  }

  /** Whether the entry already says all that the event says; true for nearly every event of a long log. */
  private isSaid(id: EntryId, { event, number, word, bit, trust, day }: Moment): boolean {
    const { words } = this;
    const at = id * wide;
    const known = words[at + state]!;
    if (known % cameBack < trust || (words[at + ring + word]! & bit) === 0) return false;
    const last = words[at + lastDay]!;
    if (number > last || number < last - keptDays) return false;
    const first = words[at + firstDay]!;
    if (number < first || (number === first && event.time <= this.firsts[id]!.time)) return false;
    if (known < cameBack) return true;
    return !this.returns.get(id)!.some((use) => dayOf(use.time) === day && compareUses(event, use) <= 0);
  }

  /** The usual news of a log in the order of time: one more day, soon after the last. Joined in place. */
  private isNextDay(id: EntryId, { number, word, bit, trust }: Moment): boolean {
    const { words } = this;
    const at = id * wide;
    const last = words[at + lastDay]!;
    if (words[at + state]! >= cameBack || words[at + state]! < trust) return false;
    if (number <= last || number - last >= restDays) return false;
    const oldest = number - keptDays;
    for (let old = Math.max(last - keptDays, words[at + firstDay]!); old < oldest; old++) {
      const place = placeOfDay(old);
      words[at + ring + place.word]! &= ~place.bit;
    }
    words[at + lastDay] = number;
    words[at + ring + word]! |= bit;
    return true;
  }

  private set(id: EntryId, { trust, first, last, days, returns }: Entry): void {
    const { words } = this;
    const at = id * wide;
    this.firsts[id] = first;
    if (returns.length > 0) this.returns.set(id, returns);
    else this.returns.delete(id);
    words.fill(0, at, at + wide);
    words[at + firstDay] = dayNumber(dayOf(first.time));
    words[at + lastDay] = dayNumber(last);
    words[at + state] = trustClasses.indexOf(trust) + (returns.length > 0 ? cameBack : 0);
    for (const day of days) {
      const { word, bit } = placeOfDay(dayNumber(day));
      words[at + ring + word]! |= bit;
    }
  }

  private daysOf(at: number, last: number): readonly Day[] {
    const days: Day[] = [];
    for (let number = Math.max(last - keptDays, this.words[at + firstDay]!); number <= last; number++) {
      const place = (number + before) % around;
      const word = this.words[at + ring + (place >> 5)]!;
      if (word === 0) number += 31 - (place & 31);
      else if ((word & (1 << (place & 31))) !== 0) days.push(dayNumbered(number));
    }
    return days;
  }

  private grow(): void {
    const { words } = this;
    this.words = new Int32Array(words.length * 2);
    this.words.set(words);
  }
}

/** The place of a trust among the classes. */
export const trustNumber = (trust: Trust): number => trustClasses.indexOf(trust);

const dayTexts = new Map<number, Day>();

/** Days are few and entries many: they share the texts. */
function dayNumbered(number: number): Day {
  const known = dayTexts.get(number);
  if (known !== undefined) return known;
  const day = dayAt(number);
  if (dayTexts.size >= 10_000) dayTexts.clear();
  dayTexts.set(number, day);
  return day;
}
