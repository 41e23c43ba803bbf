import { foldFigures } from '../../bench/fold.ts';
import { cloudTrailRecords } from '../../bench/records.ts';
import type { Instant } from '../../core/time.ts';
import { parseRecord } from '../../core/usage/parse.ts';

test('the same seed gives the same records, another one others, and all of them are read', () => {
  const [one, same, other] = [1, 1, 2].map((seed) => [...cloudTrailRecords(200, seed)]);
  expect(one).toEqual(same);
  expect(one).not.toEqual(other);
  const way = {
    trust: 'unverified',
    historic: false,
    latest: '2030-01-01T00:00:00Z' as Instant,
    account: null,
  } as const;
  expect(one!.every((record) => parseRecord(record, way).ok)).toBe(true);
});

test('the figures say how fast, against what, and how many rows', () => {
  const figures = foldFigures({ events: 2000, files: 2, rounds: 1 });
  expect(figures).toMatchObject({ events: 2000, plain: expect.any(Number) });
  expect(figures.bytesPerEvent).toBeGreaterThan(1000);
  expect(figures.withResources.rows).toBeGreaterThan(figures.withoutResources.rows);
  expect(figures.withoutResources.ratio).toBeGreaterThan(0);
});
