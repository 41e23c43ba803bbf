import { privilegeClassOf, type Tactic, tacticOf } from '../catalogue/privilege-class.ts';
import { type Day, dayNumber, dayOf, type Instant, secondsOf } from '../time.ts';
import type { Known } from './novelty.ts';
import type { Weights } from './weights.ts';

/** What an actor was like before a time: what is news for one is a day's work for another. */
export interface Habits {
  /** Points of a first use of weight 1 of a serious action. */
  surprise(at: Instant): number;
  /** Bits that a network never seen is worth. */
  networkBits(at: Instant): number;
  /** Bits that a thing is worth which the action was never used on; 0 where it is used on new ones all the time. */
  resourceBits(action: string, at: Instant): number;
  /** Whether no person was ever seen behind the actor, in ten days of work or more. */
  worksAlone(at: Instant): boolean;
  /** How much of a first use of that tactic is news, between `1 − discount` and 1. */
  kinship(tactic: Tactic | null, at: Instant): number;
  /** How much of a signal of that kind on that action is news, between 0 and 1. */
  signalNews(kind: string, action: string, at: Instant): number;
}

/** Read from the ledger alone, before the start of a session: nothing in a session excuses the rest of it. */
export function habitsOf(known: ReadonlyMap<string, Known>, born: Instant, weights: Weights): Habits {
  const active = sortedDays([...known.values()].filter(isUsed));
  const warm = secondsOf(born) + weights.coldStart.days * 86_400;
  const seriousFirsts = [...known.values()]
    .filter(isUsed)
    .filter(isSerious(weights))
    .map(({ first }) => first.use.time);
  const networks = [...known.values()].filter(({ kind }) => kind === 'network').map(({ first }) => first.use.time);
  const byTactic = tacticsIn(known, weights);
  const bySignal = signalsIn(known);
  const things = thingsIn(known);
  const shown = firstSightOfPerson(known);
  // Whoever is known for long and seldom seen is not less surprising than somebody at the end of the first days.
  const daysBefore = (at: Instant) => {
    const days = countBelow(active, dayNumber(dayOf(at)));
    return secondsOf(at) < warm ? days : Math.max(days, weights.coldStart.days);
  };
  const settledDays = (uses: readonly Used[], at: Instant, settled: number): number => {
    const today = dayNumber(dayOf(at));
    const days = new Set(uses.filter(({ since }) => since <= today - settled).flatMap(({ days }) => days));
    return [...days]
      .filter((day) => day < today)
      .reduce((sum, day) => sum + 2 ** ((day - today) / weights.rest.halfLife), 0);
  };
  return {
    surprise(at) {
      const { perBit, least, most } = weights.surprise;
      const firsts = seriousFirsts.filter((time) => time < at && secondsOf(time) >= warm).length;
      const floor = secondsOf(at) < warm ? weights.coldStart.surprise : least;
      return clamp(perBit * Math.log2((daysBefore(at) + 1) / (firsts + 0.5)), floor, most);
    },
    networkBits(at) {
      const count = networks.filter((time) => time < at).length;
      return clamp(Math.log2((daysBefore(at) + 1) / Math.max(0.5, count - 0.5)), 0, weights.context.networkBits);
    },
    resourceBits(action, at) {
      const of = things.get(action);
      if (of === undefined || of.overflow) return 0;
      const days = countBelow(of.days, dayNumber(dayOf(at)));
      const count = of.firsts.filter((time) => time < at).length;
      if (days === 0 || count === 0) return 0;
      return clamp(Math.log2((days + 1) / Math.max(0.5, count - 0.5)), 0, weights.context.networkBits);
    },
    worksAlone: (at) => (shown === undefined || shown > at) && countBelow(active, dayNumber(dayOf(at))) >= aloneFor,
    kinship(tactic, at) {
      const { discount, days, settled } = weights.kinship;
      const used = settledDays((tactic && byTactic.get(tactic)) || [], at, settled);
      return 1 - discount * Math.min(1, used / days);
    },
    signalNews(kind, action, at) {
      const { days, settled } = weights.signalHabit;
      return 1 - Math.min(1, settledDays(bySignal.get(`${kind} ${action}`) ?? [], at, settled) / days);
    },
  };
}

/** Days of work after which a person behind an identity would have shown. */
const aloneFor = 10;

/** When a person was first seen: a sign-in, a second factor, an identity provider. */
function firstSightOfPerson(known: ReadonlyMap<string, Known>): Instant | undefined {
  let least: Instant | undefined;
  for (const { action, first } of known.values()) {
    const isPerson = action?.startsWith('sign-in:') === true || first.use.mfa === true || first.use.federated;
    if (isPerson && (least === undefined || first.use.time < least)) least = first.use.time;
  }
  return least;
}

/** What an action was used on, and on which days it was used. */
interface Things {
  firsts: Instant[];
  days: readonly number[];
  overflow: boolean;
}

function thingsIn(known: ReadonlyMap<string, Known>): ReadonlyMap<string, Things> {
  const things = new Map<string, Things>();
  for (const each of known.values()) {
    if (each.kind !== 'resource') continue;
    const of = things.get(each.action!) ?? { firsts: [], days: [], overflow: false };
    things.set(each.action!, of);
    of.firsts.push(each.first.use.time);
    of.overflow ||= each.overflow;
  }
  for (const each of known.values()) {
    const of = isUsed(each) ? things.get(each.action!) : undefined;
    if (of !== undefined) of.days = sortedDays([each]);
  }
  return things;
}

/** Day numbers on which something was used, and the first of them. */
interface Used {
  since: number;
  days: readonly number[];
}

const isUsed = ({ kind, denied }: Known): boolean => kind === 'action' && !denied;

const isSerious =
  ({ classes, serious }: Weights) =>
  ({ action }: Known): boolean =>
    classes[privilegeClassOf(action!)] >= serious;

const numbersOf = (days: Iterable<Day>): number[] => [...days].map(dayNumber);

const usedOf = ({ first, days }: Known): Used => ({ since: dayNumber(dayOf(first.use.time)), days: numbersOf(days) });

function tacticsIn(known: ReadonlyMap<string, Known>, weights: Weights): ReadonlyMap<Tactic, readonly Used[]> {
  const tactics = new Map<Tactic, Used[]>();
  for (const each of known.values()) {
    if (!isUsed(each) || !isSerious(weights)(each)) continue;
    const tactic = tacticOf(privilegeClassOf(each.action!));
    if (tactic !== null) tactics.set(tactic, [...(tactics.get(tactic) ?? []), usedOf(each)]);
  }
  return tactics;
}

/** A signal's items are by the hour: each is one day of its kind. Only history counts: quiet approves nothing (ADR-0003). */
function signalsIn(known: ReadonlyMap<string, Known>): ReadonlyMap<string, readonly Used[]> {
  const signals = new Map<string, Used[]>();
  for (const each of known.values()) {
    if (each.kind !== 'signal' || each.denied || !each.first.use.historic) continue;
    const key = `${each.value.slice(0, each.value.indexOf('@'))} ${each.action}`;
    signals.set(key, [...(signals.get(key) ?? []), usedOf(each)]);
  }
  return signals;
}

const sortedDays = (uses: readonly Known[]): readonly number[] =>
  [...new Set(uses.flatMap(({ days }) => numbersOf(days)))].sort((a, b) => a - b);

function countBelow(sorted: readonly number[], limit: number): number {
  const at = sorted.findIndex((number) => number >= limit);
  return at < 0 ? sorted.length : at;
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
