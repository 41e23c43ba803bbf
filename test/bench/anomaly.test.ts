import { existsSync } from 'node:fs';
import { specimensIn } from '../../bench/anomaly/specimens.ts';
import { tableOf } from '../../bench/anomaly/table.ts';
import { type AnomalyFigures, anomalyFigures, ours, publicLogs } from '../../bench/anomaly.ts';
import { wilson } from '../../core/wilson.ts';

test("Wilson's interval holds the share, is within 0 and 1, and narrows with trials", () => {
  expect(wilson(0, 100)).toMatchObject({ share: 0, low: 0 });
  expect(wilson(0, 100).high).toBeCloseTo(0.037, 3);
  expect(wilson(95, 100).low).toBeCloseTo(0.888, 3);
  expect(wilson(950, 1000).low).toBeGreaterThan(wilson(95, 100).low);
  expect(wilson(100, 100).high).toBe(1);
});

const withLogs = existsSync(publicLogs) ? describe : describe.skip;
if (!existsSync(publicLogs)) console.warn('Not checked: the public logs ../shared/data/cloudtrail are not here.');

withLogs('the splice benchmark', () => {
  let few: AnomalyFigures;
  beforeAll(() => {
    // The tuning half: nothing that runs with every test looks at the other one.
    few = anomalyFigures({ half: 'tuning', everyNthHost: 12 })!;
  });

  test('every public attack is a specimen, and both logs of a technique fall into one half', () => {
    const specimens = specimensIn(publicLogs)!;
    expect(specimens).toHaveLength(51);
    expect(new Set(specimens.map(({ technique }) => technique)).size).toBe(33);
  });

  test('a new network is never told less than the own one', () => {
    const { same, new: other } = few.detectors[ours]!;
    expect(other.told.hits).toBeGreaterThanOrEqual(same.told.hits);
    expect(other.messaged.hits).toBeGreaterThanOrEqual(same.messaged.hits);
  });

  test('nearly every attack is told, with its first event or the second, in one message', () => {
    const { same } = few.detectors[ours]!;
    expect(same.told.share).toBeGreaterThan(0.9);
    expect(same.firstAlert).toBeLessThanOrEqual(1);
    expect(same.messagesPerIncident).toBe(1);
  });

  test('there are at least ten times fewer messages than with a message for every first use', () => {
    const [own, naive] = [few.detectors[ours]!, few.detectors['naive first use by session']!];
    expect(own.benign.messagesPer10kEvents * 10).toBeLessThanOrEqual(naive.benign.messagesPer10kEvents);
    expect(naive.benign.messages.share).toBeGreaterThan(0.03);
  });

  test('the table names every detector and tactic', () => {
    const table = tableOf(few);
    for (const name of Object.keys(few.detectors)) expect(table).toContain(name);
    for (const tactic of Object.keys(few.detectors[ours]!.same.byTactic)) expect(table).toContain(tactic);
  });
});
