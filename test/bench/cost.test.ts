import { readFileSync } from 'node:fs';
import { linesOf, type Mix, perMillion, perWaited, sampleMix, standing, withTables } from '../../bench/cost.ts';

const mix: Mix = {
  eventsPerFile: 100,
  filesPerBatch: 10,
  fastShare: 0.05,
  ledgerUnits: 20,
  otherUnits: 10,
  digestUnits: 2,
  runMilliseconds: 20,
  fastRunMilliseconds: 4,
};
const lineOf = (what: RegExp, of = mix) => linesOf(of).find((line) => what.test(line.what))!;

test('the lines follow from the prices, by hand', () => {
  // 10,000 files, 50,000 events of the fast lane, 30,000 write units.
  expect(lineOf(/EventBridge/).fast).toBeCloseTo(0.05, 10);
  expect(lineOf(/SQS/).full).toBeCloseTo(0.0048, 10);
  expect(lineOf(/SQS/).fast).toBeCloseTo(0.024, 10);
  expect(lineOf(/S3/)).toMatchObject({ full: 0.004, digests: 0.004, fast: 0 });
  expect(lineOf(/writes/).full).toBeCloseTo(0.01875, 10);
  expect(lineOf(/writes/).digests).toBeCloseTo(0.00125, 10);
  expect(lineOf(/reads/).full).toBeCloseTo(0.0025, 10);
  // 1,000 runs of 20 ms at 1.7275 GB, once more for digests; 50,000 of 4 ms.
  expect(lineOf(/Lambda/).full).toBeCloseTo(0.0002 + 20 * (1769 / 1024) * 0.0000133334, 10);
  expect(lineOf(/Lambda/).digests).toBe(lineOf(/Lambda/).full);
  expect(lineOf(/Lambda/).fast).toBeCloseTo(0.01 + 200 * (1769 / 1024) * 0.0000133334, 10);
  // 1,000 runs of 100 ms.
  expect(perWaited(mix)).toBeCloseTo(100 * (1769 / 1024) * 0.0000133334, 10);
  // 3 keys, 4 secrets, 70 alarms.
  expect(standing).toBeCloseTo(3 + 1.6 + 7, 10);
});

test('each lane is the sum of its lines, and more is never cheaper', () => {
  const { full, validated, both } = perMillion(mix);
  expect(full).toBeCloseTo(
    linesOf(mix).reduce((sum, line) => sum + line.full, 0),
    10,
  );
  expect(full).toBeLessThan(validated);
  expect(validated).toBeLessThan(both);
  expect(perMillion({ ...mix, eventsPerFile: 50 }).full).toBeGreaterThan(full);
  expect(perMillion({ ...mix, fastShare: 0.1 }).both).toBeGreaterThan(both);
});

test('the page says what the formula gives', () => {
  const page = readFileSync('docs/cost.md', 'utf8');
  expect(withTables(page)).toBe(page);
  expect(page).toContain(`${sampleMix.eventsPerFile} events a file`);
  expect(page).toContain(`${(sampleMix.fastShare * 100).toFixed(2)} %`);
});

test('a page that lost a mark is a fault', () => {
  expect(() => withTables('nothing')).toThrow('no place for: lines');
});
