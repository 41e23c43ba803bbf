import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { textIn } from '../adapters/files/unzip.ts';
import { signalsOf } from '../core/anomaly/signals/signals.ts';
import type { Instant } from '../core/time.ts';
import { offlineKey } from '../core/usage/bounded.ts';
import type { Rejection } from '../core/usage/event.ts';
import { createLedger } from '../core/usage/ledger.ts';
import { eachRecord } from '../core/usage/log.ts';
import { cloudTrailRecords } from './records.ts';

export interface FoldFigures {
  events: number;
  /** Uncompressed. */
  bytesPerEvent: number;
  /** Events a second of gunzip and JSON.parse alone. */
  plain: number;
  withoutResources: FoldSpeed;
  withResources: FoldSpeed;
}

interface FoldSpeed {
  eventsPerSecond: number;
  /** Of `plain`, in the same run. */
  ratio: number;
  rows: number;
}

/**
 * Folding against plain gunzip and JSON.parse of the same files, one thread, after a warm-up round of each, the best
 * of `rounds`; the three take turns, so that a busy machine slows all of them.
 */
export function foldFigures({ events = 200_000, files = 10, rounds = 2 } = {}): FoldFigures {
  const folder = mkdtempSync(join(tmpdir(), 'leastwise-bench-'));
  try {
    const paths = writeLogs(folder, events, files);
    const bytes = paths.reduce((sum, path) => sum + gunzipSync(readFileSync(path)).length, 0);
    const runs = { plain: () => plain(paths), without: () => fold(paths, false), with: () => fold(paths, true) };
    const seconds: Record<keyof typeof runs, number[]> = { plain: [], without: [], with: [] };
    const rows: Record<keyof typeof runs, number> = { plain: 0, without: 0, with: 0 };
    for (let round = 0; round <= rounds; round++) {
      for (const name of ['plain', 'without', 'with'] as const) {
        const start = performance.now();
        rows[name] = runs[name]();
        if (round > 0) seconds[name].push((performance.now() - start) / 1000);
      }
    }
    const speed = (name: keyof typeof runs): FoldSpeed => ({
      eventsPerSecond: Math.round(events / best(seconds[name])),
      ratio: Math.round((best(seconds.plain) / best(seconds[name])) * 100) / 100,
      rows: rows[name],
    });
    return {
      events,
      bytesPerEvent: Math.round(bytes / events),
      plain: speed('plain').eventsPerSecond,
      withoutResources: speed('without'),
      withResources: speed('with'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeLogs(folder: string, events: number, files: number): string[] {
  const records = cloudTrailRecords(events, 1);
  return Array.from({ length: files }, (_, i) => {
    const Records = Array.from({ length: Math.ceil(events / files) }, () => records.next().value).filter(Boolean);
    const path = join(folder, `${i}.json.gz`);
    writeFileSync(path, gzipSync(JSON.stringify({ Records })));
    return path;
  });
}

function plain(paths: readonly string[]): number {
  let records = 0;
  for (const path of paths) {
    const log = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as { Records: unknown[] };
    records += log.Records.length;
  }
  return records;
}

function fold(paths: readonly string[], resources: boolean): number {
  const ledger = createLedger({ key: offlineKey, resources, signalsOf });
  const take = { event: ledger.add, rejection: fail };
  const latest = '2030-01-01T00:00:00Z' as Instant;
  for (const path of paths) {
    const text = textIn(readFileSync(path));
    if (!text.ok) throw new Error(text.error.detail);
    eachRecord(text.value, path, { trust: 'trusted-by-operator', historic: false, latest, account: null }, take);
  }
  return ledger.items().reduce((sum, { entries }) => sum + entries.size, 0);
}

const fail = ({ detail }: Rejection): never => {
  throw new Error(detail);
};

const best = (seconds: readonly number[]): number => Math.min(...seconds);
