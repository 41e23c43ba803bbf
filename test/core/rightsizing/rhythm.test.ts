import { daysOfTwo, seasonOf } from '../../../core/rightsizing/rhythm.ts';
import { type Day, dayAt, dayNumber } from '../../../core/time.ts';

const days = (...list: string[]) => list as Day[];
const rhythm = (...list: string[]) => seasonOf(days(...list))?.rhythm;

test.each([
  ['the last business day of every month', ['2026-01-30', '2026-02-27', '2026-03-31', '2026-04-30'], 'monthly'],
  ['the first days of every month', ['2026-01-02', '2026-01-03', '2026-02-02', '2026-03-02', '2026-03-04'], 'monthly'],
  ['quarter ends, moved by weekends', ['2026-03-31', '2026-06-30', '2026-10-01'], 'quarterly'],
  ['quarter ends of several days', ['2025-12-30', '2025-12-31', '2026-01-02', '2026-03-31', '2026-04-01'], 'quarterly'],
  ['a quarter left out', ['2025-09-30', '2026-03-31', '2026-06-30'], 'quarterly'],
  ['the same day of two years, moved by a weekend', ['2025-01-15', '2026-01-16'], 'yearly'],
  ['a leap year between', ['2027-12-31', '2028-12-31'], 'yearly'],
])('%s: %s is %s', (_, list, expected) => {
  expect(rhythm(...list)).toBe(expected);
});

test.each([
  ['nothing', []],
  ['a single spell', ['2026-03-30', '2026-03-31']],
  ['two months alone, which may be chance', ['2026-01-31', '2026-02-28']],
  ['now and then', ['2026-01-05', '2026-02-20', '2026-05-01']],
  ['steady use', Array.from({ length: 120 }, (_, i) => dayAt(dayNumber('2026-01-01' as Day) + i))],
  ['every week', Array.from({ length: 20 }, (_, i) => dayAt(dayNumber('2026-01-01' as Day) + 7 * i))],
])('%s has no rhythm', (_, list) => {
  expect(seasonOf(days(...list))).toBeUndefined();
});

test('it says when the spells began and about when the next one will', () => {
  expect(seasonOf(days('2026-07-01', '2026-03-31', '2026-06-30', '2026-03-31'))).toEqual({
    rhythm: 'quarterly',
    spells: ['2026-03-31', '2026-06-30'],
    next: '2026-09-29',
  });
});

test('a window of the days that a rhythm needs holds it twice, wherever it begins', () => {
  const ends = { quarterly: ['03-31', '06-30', '09-30', '12-31'], monthly: [] as string[] };
  ends.monthly = Array.from({ length: 12 }, (_, i) =>
    dayAt(dayNumber(`2026-${String(i + 1).padStart(2, '0')}-28` as Day)).slice(5),
  );
  for (const [rhythmOf, list] of Object.entries(ends) as ['quarterly' | 'monthly', string[]][]) {
    const all = [2025, 2026, 2027].flatMap((year) => list.map((day) => dayNumber(`${year}-${day}` as Day)));
    for (let first = dayNumber('2026-01-01' as Day); first < dayNumber('2026-12-31' as Day); first += 1) {
      expect(all.filter((day) => day >= first && day < first + daysOfTwo[rhythmOf]).length).toBeGreaterThanOrEqual(2);
    }
  }
});
