import fc from 'fast-check';
import { dayAt, dayNumber, dayOf } from '../../../core/time.ts';
import { offlineKey, rankBy } from '../../../core/usage/bounded.ts';
import { decodeItem, encodeItem } from '../../../core/usage/codec.ts';
import type { UsageEvent } from '../../../core/usage/event.ts';
import { keyText, type LedgerItem } from '../../../core/usage/item.ts';
import { compareUses, joinItems } from '../../../core/usage/join.ts';
import { createLedger } from '../../../core/usage/ledger.ts';
import { actionsOf, events, signalsOf, twoDays } from './arbitrary-events.ts';

const rank = rankBy(offlineKey);

/** One text per ledger; equal texts, equal ledgers. */
const textOf = (items: Iterable<LedgerItem>): string =>
  [...items]
    .map((item) => JSON.stringify(encodeItem(item)))
    .sort()
    .join('\n');

function fold(of: readonly UsageEvent[]): LedgerItem[] {
  const ledger = createLedger({ key: offlineKey, resources: true, actionsOf, signalsOf });
  for (const each of of) ledger.add(each);
  return ledger.items();
}

function join(...ledgers: readonly (readonly LedgerItem[])[]): LedgerItem[] {
  const joined = new Map<string, LedgerItem>();
  for (const item of ledgers.flat()) {
    const known = joined.get(keyText(item));
    joined.set(keyText(item), known === undefined ? item : joinItems(known, item, rank));
  }
  return [...joined.values()];
}

const shuffled = <T>(list: readonly T[], order: readonly number[]): T[] =>
  list
    .map((each, i) => ({ each, at: order[i % order.length]! * 31 + ((i * 7919) % 101) }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);

const orders = fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 });
/** Many values: the bounded sets overflow. */
const floods = () =>
  fc.oneof(
    events(),
    events({ values: 1, days: twoDays }),
    events({ values: 200 }).chain((few) =>
      events({ values: 200 }).map((more) => [...few, ...more, ...few.slice(0, 3)]),
    ),
  );

test('the ledger does not depend on order, repetition or split', () =>
  fc.assert(
    fc.property(floods(), orders, fc.nat(), (all, order, cut) => {
      const expected = textOf(fold(all));
      const again = shuffled([...all, ...all], order);
      expect(textOf(fold(again))).toBe(expected);
      const at = all.length === 0 ? 0 : cut % all.length;
      expect(textOf(join(fold(all.slice(at)), fold(all.slice(0, at))))).toBe(expected);
      expect(textOf(join(...shuffled(all, order).map((each) => fold([each]))))).toBe(expected);
    }),
    { numRuns: 100 },
  ));

test('the join is commutative, associative and idempotent', () =>
  fc.assert(
    fc.property(events(), events(), events({ values: 100 }), (x, y, z) => {
      const [a, b, c] = [fold(x), fold(y), fold(z)];
      expect(textOf(join(a, b))).toBe(textOf(join(b, a)));
      expect(textOf(join(join(a, b), c))).toBe(textOf(join(a, join(b, c))));
      expect(textOf(join(a, a))).toBe(textOf(a));
    }),
    { numRuns: 100 },
  ));

test('a flood of chosen values leaves 64 of them and says that there were more', () => {
  const [template] = fc.sample(events(), 50).find((list) => list.length > 0)!;
  const flood = Array.from({ length: 5000 }, (_, i) => ({
    ...template!,
    eventID: `flood-${i}`,
    userAgent: `invented${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + (Math.floor(i / 26) % 26))}${String.fromCharCode(97 + Math.floor(i / 676))}/1`,
    caller: { ...template!.caller, session: `session-${i}` },
  }));
  const agents = fold(flood).find(({ kind }) => kind === 'agent')!;
  expect(agents.entries.size).toBe(64);
  expect(agents.overflow).toBe(true);
  expect(fold(flood).length).toBeLessThan(12);
});

test('returns are the least events of the days that follow 45 days of rest, whatever the order', () =>
  fc.assert(
    fc.property(events(), orders, (all, order) => {
      for (const item of fold(shuffled(all, order)).filter(({ kind }) => kind === 'action')) {
        const entry = item.entries.get('')!;
        const own = all.filter(
          (e) => e.caller.principal === item.principal && `s3:${e.name}` === item.action && e.outcome === item.outcome,
        );
        expect(entry.returns.map(({ time, eventID }) => ({ time, eventID }))).toEqual(returnsByDefinition(own));
      }
    }),
    { numRuns: 100 },
  ));

/** The definition, read off the whole list at once: days within 355 of the last are looked at. */
function returnsByDefinition(all: readonly UsageEvent[]) {
  const days = [...new Set(all.map(({ time }) => dayNumber(dayOf(time))))].sort((a, b) => a - b);
  const last = days.at(-1)!;
  return days
    .filter((day, i) => i > 0 && day - days[i - 1]! >= 45 && day >= last - 355)
    .map((day) => all.filter(({ time }) => dayNumber(dayOf(time)) === day).sort(compareUses)[0]!)
    .map(({ time, eventID }) => ({ time, eventID }));
}

test('days older than 400 before the last are forgotten, and no others', () =>
  fc.assert(
    fc.property(events(), (all) => {
      for (const item of fold(all)) {
        for (const entry of item.entries.values()) {
          expect(entry.days.at(-1)).toBe(entry.last);
          expect(dayNumber(entry.last) - dayNumber(entry.days[0]!)).toBeLessThanOrEqual(400);
        }
      }
    }),
  ));

test('years of use day by day leave the days that joining the single events leaves', () => {
  const [template] = fc.sample(events(), 50).find((list) => list.length > 0)!;
  const gaps = fc.array(fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 46 })), {
    minLength: 40,
    maxLength: 80,
  });
  fc.assert(
    fc.property(gaps, (days) => {
      let number = dayNumber(dayOf(template!.time));
      const all = days.map((gap, i) => {
        number += gap;
        return { ...template!, eventID: `id-${i}`, time: `${dayAt(number)}T01:00:00Z` as UsageEvent['time'] };
      });
      expect(textOf(fold(all))).toBe(textOf(join(...all.map((each) => fold([each])))));
    }),
    { numRuns: 20 },
  );
});

test('what is stored reads back the same', () =>
  fc.assert(
    fc.property(events(), (all) => {
      for (const item of fold(all)) {
        const again = decodeItem(JSON.parse(JSON.stringify(encodeItem(item))));
        expect(again).toEqual(item);
      }
    }),
  ));

test('every signal is an item of its own, so that no flood pushes one out', () => {
  const [template] = fc
    .sample(events(), 50)
    .find((list) => list.some((e) => e.name === 'PutObject'))!
    .filter((e) => e.name === 'PutObject');
  const hours = Array.from({ length: 100 }, (_, i) => ({
    ...template!,
    time: `2025-03-${String(1 + Math.floor(i / 24)).padStart(2, '0')}T${String(i % 24).padStart(2, '0')}:00:00Z` as UsageEvent['time'],
  }));
  expect(fold(hours).filter(({ kind }) => kind === 'signal')).toHaveLength(100);
});

test('every item has the least ARN that its events name, also where nothing else is new', () => {
  const [template] = fc.sample(events(), 50).find((list) => list.length > 0)!;
  const named = (time: string, arn: string) => ({
    ...template!,
    time: time as UsageEvent['time'],
    caller: { ...template!.caller, arn },
  });
  const items = fold([named('2025-03-01T00:00:00Z', 'arn:b'), named('2025-03-01T00:00:01Z', 'arn:a')]);
  expect(items.map(({ arn }) => arn)).toEqual(items.map(() => 'arn:a'));
});
