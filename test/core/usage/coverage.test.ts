import type { AccountId } from '../../../core/identity/principal.ts';
import type { Day } from '../../../core/time.ts';
import { type Coverage, deliveredHours, digestRegionsOf, fullDay } from '../../../core/usage/coverage.ts';

const row = (day: string, hours: number, region?: string): Coverage => ({
  v: 1,
  account: '111122223333' as AccountId,
  day: day as Day,
  hours,
  ...(region && { region }),
});
const regions = ['eu-west-1', 'us-east-1'];
const both = (day: string, hours: number) => regions.map((region) => row(day, hours, region));

test('without validation, files show an hour; what digests proved earlier is no part of it', () => {
  const files = row('2026-03-01', 5);
  expect(deliveredHours([files, row('2026-03-02', 7, 'eu-west-1')], null)).toEqual([files]);
});

test('with validation, files show nothing', () => {
  expect(deliveredHours([row('2026-03-01', fullDay)], regions)).toEqual([]);
  expect(deliveredHours([], regions)).toEqual([]);
});

test('a day is whole when the digests of its neighbours are there too', () => {
  const days = [...both('2026-02-28', fullDay), ...both('2026-03-01', fullDay), ...both('2026-03-02', fullDay)];
  expect(deliveredHours(days, regions)).toContainEqual(row('2026-03-01', fullDay));
  const [first, last] = [1, 1 << 23];
  expect(deliveredHours(both('2026-03-01', fullDay), regions)).toEqual([row('2026-03-01', fullDay & ~first & ~last)]);
});

test('one digest that is missing in one region makes its hour and its neighbours a gap', () => {
  const days = [
    ...both('2026-02-28', fullDay),
    row('2026-03-01', fullDay, 'eu-west-1'),
    ...both('2026-03-02', fullDay),
  ];
  const rows = [...days, row('2026-03-01', fullDay & ~(1 << 12), 'us-east-1')];
  const missing = (1 << 11) | (1 << 12) | (1 << 13);
  expect(deliveredHours(rows, regions)).toContainEqual(row('2026-03-01', fullDay & ~missing));
});

test('a region without any digest leaves no hour', () => {
  const rows = ['2026-02-28', '2026-03-01', '2026-03-02'].map((day) => row(day, fullDay, 'eu-west-1'));
  expect(deliveredHours(rows, regions)).toEqual([]);
});

test('IAM’s region counts whether or not it is in use', () => {
  const trail = { bucket: 'b', prefix: '', logFileValidation: true };
  expect(digestRegionsOf({ trail, regions: ['eu-west-1'] })).toEqual(regions);
  expect(digestRegionsOf({ trail, regions: ['us-east-1'] })).toEqual(['us-east-1']);
  expect(digestRegionsOf({ trail: { ...trail, logFileValidation: false }, regions })).toBeNull();
  expect(digestRegionsOf({ trail: null, regions })).toBeNull();
});
