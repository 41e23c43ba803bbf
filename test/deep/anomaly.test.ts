import { existsSync } from 'node:fs';
import { tableOf } from '../../bench/anomaly/table.ts';
import { anomalyFigures, ours, publicLogs } from '../../bench/anomaly.ts';

const withLogs = existsSync(publicLogs) ? test : test.skip;
if (!existsSync(publicLogs)) console.warn('Not checked: the public logs ../shared/data/cloudtrail are not here.');

/**
 * The large form of the splice benchmark: five organizations of 4,000 sessions each. The floors stand a little below what
 * was measured (docs/anomaly.md): they catch a model that became worse, and are no aims.
 */
withLogs(
  'over five organizations the reported half is told as docs/anomaly.md says, with ten times fewer messages than first uses',
  () => {
    const figures = anomalyFigures({ half: 'reported', seeds: [1, 2, 3, 4, 5], everyNthHost: 2 })!;
    process.stderr.write(`${tableOf(figures)}\n`);
    const [own, naive] = [figures.detectors[ours]!, figures.detectors['naive first use by session']!];
    expect(figures.benign.sessions).toBeGreaterThan(4000);
    expect(own.same.told.share).toBeGreaterThan(0.85);
    expect(own.new.told.share).toBeGreaterThan(0.95);
    expect(own.same.firstAlert).toBeLessThanOrEqual(1);
    expect(own.benign.messages.share).toBeLessThan(0.01);
    expect(own.benign.digestOrMessage.share).toBeLessThan(0.04);
    expect(own.benign.messagesPer10kEvents * 10).toBeLessThan(naive.benign.messagesPer10kEvents);
  },
  600_000,
);
