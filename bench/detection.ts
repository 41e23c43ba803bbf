import { memoryLedgerStore } from '../adapters/memory/ledger-store.ts';
import { memoryState } from '../adapters/memory/state.ts';
import { assess } from '../core/anomaly/assess.ts';
import type { Instant } from '../core/time.ts';
import { offlineKey, rankBy } from '../core/usage/bounded.ts';
import { rowsOf } from '../core/usage/codec.ts';
import type { UsageEvent } from '../core/usage/event.ts';
import { parseRecord } from '../core/usage/parse.ts';
import { benignWeeks } from '../local/sample-organization/benign-weeks.ts';
import { detectAnomaly } from '../usecases/detect-anomaly.ts';
import { joinUsage } from '../usecases/join-usage.ts';
import type { Unscored } from '../usecases/ports/ledger-store.ts';

/**
 * `node --import tsx bench/detection.ts`: what detection costs on the benign weeks, as it runs in a deployment: a third of
 * them history, the rest in batches of a hundred events, each followed by the detection of what it marked.
 */
const end = '2026-11-20T23:59:59Z' as Instant;
const historyUntil = '2026-10-12T00:00:00Z';
const records = benignWeeks({ seed: 1, end }).flatMap((session) => session.records);
const eventOf = (record: unknown, historic: boolean): UsageEvent => {
  const parsed = parseRecord(record, {
    trust: 'fast-lane',
    latest: '2030-01-01T00:00:00Z' as Instant,
    account: null,
    historic,
  });
  if (!parsed.ok) throw new Error(parsed.error.detail);
  return parsed.value;
};

const ledger = memoryLedgerStore({ rank: rankBy(offlineKey) });
const state = memoryState();
const marks: Unscored[] = [];
ledger.marked.subscribe((mark) => marks.push(mark));
const taking = { ledger, keepRejections: async () => {}, setKey: offlineKey, resources: true };
const take = (batch: readonly UsageEvent[]) => joinUsage(taking, { events: batch, rejections: [], coverage: [] });

await take(records.filter(({ eventTime }) => eventTime < historyUntil).map((record) => eventOf(record, true)));
const live = records.filter(({ eventTime }) => eventTime >= historyUntil).map((record) => eventOf(record, false));
let [marked, detections, reads, milliseconds] = [0, 0, 0, 0];
const counting = {
  itemsOfActor: async (actor: Parameters<typeof ledger.itemsOfActor>[0]) => {
    const items = await ledger.itemsOfActor(actor);
    reads += items.length;
    return items;
  },
  parentsOf: ledger.parentsOf.bind(ledger),
  unmark: ledger.unmark.bind(ledger),
};
for (let at = 0; at < live.length; at += 100) {
  await take(live.slice(at, at + 100));
  const waiting = marks.splice(0);
  marked += waiting.length;
  const start = performance.now();
  const detected = await detectAnomaly({ ...state, ledger: counting, now: () => end })(waiting);
  milliseconds += performance.now() - start;
  detections += detected.length;
}

const actors = new Set(live.map(({ caller }) => caller.actor));
const sizes: { items: number; bytes: number; milliseconds: number }[] = [];
for (const actor of actors) {
  const items = await ledger.itemsOfActor(actor);
  const start = performance.now();
  assess(items, []);
  sizes.push({
    items: items.length,
    bytes: JSON.stringify(items.flatMap(rowsOf)).length,
    milliseconds: performance.now() - start,
  });
}
const most = (of: (size: (typeof sizes)[number]) => number) => Math.max(...sizes.map(of));
const perMillion = 1e6 / live.length;
process.stdout.write(
  `${JSON.stringify(
    {
      events: live.length,
      actors: actors.size,
      perMillionEvents: {
        marks: Math.round(marked * perMillion),
        detections: Math.round(detections * perMillion),
        itemsRead: Math.round(reads * perMillion),
        seconds: Math.round((milliseconds / 1000) * perMillion),
      },
      largestActor: { items: most(({ items }) => items), kilobytes: Math.round(most(({ bytes }) => bytes) / 1000) },
      slowestAssessmentMs: Math.round(most((size) => size.milliseconds)),
    },
    null,
    2,
  )}\n`,
);
