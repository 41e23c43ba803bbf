import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dynamoLedgerStore } from '../adapters/dynamodb/ledger-store.ts';
import { dynamoState } from '../adapters/dynamodb/state.ts';
import { ledgerTable, stateTable } from '../adapters/dynamodb/table.ts';
import { textIn } from '../adapters/files/unzip.ts';
import { signalsOf } from '../core/anomaly/signals/signals.ts';
import { ok } from '../core/result.ts';
import { type Instant, instantAt, secondsOf } from '../core/time.ts';
import { actionsOf } from '../core/usage/actions/actions-of.ts';
import { offlineKey, rankBy } from '../core/usage/bounded.ts';
import { createLedger } from '../core/usage/ledger.ts';
import { readLog } from '../core/usage/log.ts';
import { sampleOrganization } from '../local/sample-organization/organization.ts';
import { detectAnomaly } from '../usecases/detect-anomaly.ts';
import { recordUsage } from '../usecases/record-usage.ts';
import { meteredTable, type Units } from './metered-table.ts';

/** DynamoDB write units, each per 1,000 events, of the rows and of their entries in indexes. */
export interface WriteFigures {
  events: number;
  files: number;
  batches: number;
  /** The ledger's rows: items, and the directory of who used what. */
  ledger: number;
  /** Who assumed or made whom. */
  lineage: number;
  /** Which hours were delivered. Does not depend on events: 24 a day and account. */
  coverage: number;
  /** What detection adds: marks in the index, their removal, cases with their outbox. */
  detection: number;
  /** One write for every facet of every event. */
  naive: number;
  /** Rows of the ledger in the end. */
  rows: number;
  bytesPerRow: number;
}

export interface WriteUnits {
  /** null where the log is not there. */
  invictus: {
    /** Whole files, a hundred to a batch: a back-fill, or a busy trail. */
    withoutResources: WriteFigures;
    withResources: WriteFigures;
    /** What came within five minutes is one batch: a small trail, read at once. Without resources. */
    asDelivered: WriteFigures;
  } | null;
  /** Sixty days without resources, files of five minutes an account, in the order of delivery. */
  sampleOrganization: WriteFigures;
}

/** A file of the organization trail. */
interface TrailFile {
  key: string;
  text: string;
}

const bucket = 'trail';
const organization = 'o-bench';
/** SQS hands at most so many to one function. */
const batchSize = 100;

/**
 * Runs the real use cases over tables that count, with a function that stays warm: the whole files of the full lane in
 * batches, and after each batch what the stream would deliver. `invictus` is the folder of that log.
 */
export async function writeUnits({
  invictus,
  days = 60,
}: {
  invictus: string | null;
  days?: number;
}): Promise<WriteUnits> {
  const files = invictus === null ? null : invictusFiles(invictus);
  return {
    invictus: files && {
      withoutResources: await measure(false, inBatches(files.flat())),
      withResources: await measure(true, inBatches(files.flat())),
      asDelivered: await measure(false, files),
    },
    sampleOrganization: await measure(false, sampleBatches(days)),
  };
}

async function measure(resources: boolean, batches: Iterable<readonly TrailFile[]>): Promise<WriteFigures> {
  const { take, figures } = system(resources);
  for (const batch of batches) await take(batch);
  return figures();
}

/** Naive writing is counted over every tenth batch. */
const everyTenth = 10;

/** The use cases over fresh tables. */
function system(resources: boolean): { take(batch: readonly TrailFile[]): Promise<void>; figures(): WriteFigures } {
  const tables = {
    ledger: meteredTable(ledgerTable, ({ pk }) => classOf(String(pk))),
    state: meteredTable(stateTable, () => 'cases'),
  };
  const ledger = dynamoLedgerStore({ ...tables.ledger.table, rank: rankBy(offlineKey) });
  const { cases, verdicts } = dynamoState(tables.state.table);
  const now = '2030-01-01T00:00:00Z' as Instant;
  const files = new Map<string, string>();
  const record = recordUsage({
    ledger,
    readObject: async (_, key) => ok(files.get(key)!),
    keepRejections: async (rejections) => {
      throw new Error(`rejected: ${rejections[0]?.detail}`);
    },
    now: () => now,
    setKey: offlineKey,
    resources,
    trail: { bucket, prefix: '', organization },
    digests: null,
  });
  const detect = detectAnomaly({ ledger, cases, verdicts, now: () => now });
  const totals = { events: 0, files: 0, batches: 0, unmarking: 0 };
  const naive = { events: 0, facets: 0 };

  const take = async (batch: readonly TrailFile[]) => {
    files.clear();
    for (const { key, text } of batch) files.set(key, text);
    const marked = unitsIn(tables.ledger.units(), isIndex);
    const deliveries = batch.map(({ key }) => ({ id: key, lane: 'full' as const, bucket, key }));
    const { accepted } = await record(deliveries);
    totals.events += accepted;
    totals.files += batch.length;
    if (totals.batches++ % everyTenth === 0) {
      naive.events += accepted;
      for (const { text } of batch) naive.facets += facetsIn(text, resources);
    }
    // What the stream would deliver: nothing where nothing was marked.
    if (unitsIn(tables.ledger.units(), isIndex) === marked) return;
    const before = unitsIn(tables.ledger.units(), isRow);
    for (let marks = await ledger.unscored(100); marks.length > 0; marks = await ledger.unscored(100)) {
      const fault = (await detect(marks)).find((each) => each.fault !== undefined)?.fault;
      if (fault !== undefined) throw fault;
    }
    totals.unmarking += unitsIn(tables.ledger.units(), isRow) - before;
  };

  const figures = (): WriteFigures => {
    const per = (units: number, events = totals.events) => Math.round((units / events) * 10_000) / 10;
    const units = tables.ledger.units();
    return {
      events: totals.events,
      files: totals.files,
      batches: totals.batches,
      ledger: per((units.get('items') ?? 0) + (units.get('directory') ?? 0) - totals.unmarking),
      lineage: per(units.get('lineage') ?? 0),
      coverage: per(units.get('coverage') ?? 0),
      detection: per(unitsIn(units, isIndex) + totals.unmarking + unitsIn(tables.state.units(), () => true)),
      naive: per(naive.facets, naive.events),
      rows: tables.ledger.rows(),
      bytesPerRow: Math.round(tables.ledger.bytes() / tables.ledger.rows()),
    };
  };
  return { take, figures };
}

const isIndex = (name: string): boolean => name.endsWith(', index');
const isRow = (name: string): boolean => !isIndex(name);
const unitsIn = (units: Units, wanted: (name: string) => boolean): number =>
  [...units].reduce((sum, [name, amount]) => sum + (wanted(name) ? amount : 0), 0);

const classOf = (pk: string): string => {
  if (pk.startsWith('#coverage')) return 'coverage';
  if (pk.startsWith('#lineage')) return 'lineage';
  return pk.startsWith('#') ? 'directory' : 'items';
};

/** Entries that the events make one by one: each would be a write of its own. */
function facetsIn(text: string, resources: boolean): number {
  const latest = '2030-01-01T00:00:00Z' as Instant;
  const { events } = readLog(text, 'bench', { trust: 'unverified', historic: false, latest, account: null });
  let entries = 0;
  for (const event of events) {
    const ledger = createLedger({ key: offlineKey, resources, actionsOf, signalsOf });
    ledger.add(event);
    for (const item of ledger.items()) entries += item.entries.size;
  }
  return entries;
}

function* inBatches(files: readonly TrailFile[]): Iterable<readonly TrailFile[]> {
  for (let at = 0; at < files.length; at += batchSize) yield files.slice(at, at + batchSize);
}

/**
 * The log's files, by the time in their names: the order in which they were delivered. Whoever published the log renamed
 * the accounts inside and not always alike, so each file is cut by the account that its records name.
 */
function invictusFiles(folder: string): TrailFile[][] {
  const slots = new Map<string, TrailFile[]>();
  for (const name of readdirSync(folder)
    .filter((each) => each.endsWith('.json.gz'))
    .sort()) {
    const text = textIn(readFileSync(join(folder, name)));
    if (!text.ok) throw new Error(text.error.detail);
    const { Records } = JSON.parse(text.value) as { Records: Filed[] };
    const [, , region, time] = name.split('_') as [string, string, string, string];
    slots.set(time, [...(slots.get(time) ?? []), ...filesOf(Records, region, time, name)]);
  }
  return [...slots].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, files]) => files);
}

interface Filed {
  recipientAccountId: string;
}

/** One file for each account among the records. */
function filesOf(records: readonly Filed[], region: string, time: string, name: string): TrailFile[] {
  const accounts = new Map<string, Filed[]>();
  for (const record of records) {
    const own = accounts.get(record.recipientAccountId);
    if (own === undefined) accounts.set(record.recipientAccountId, [record]);
    else own.push(record);
  }
  return [...accounts].map(([account, Records]) => ({
    key: keyOf(account, region, time, name),
    text: JSON.stringify({ Records }),
  }));
}

const keyOf = (account: string, region: string, time: string, name: string): string =>
  `AWSLogs/${organization}/${account}/CloudTrail/${region}/${time.slice(0, 4)}/${time.slice(4, 6)}/${time.slice(6, 8)}/${name}`;

/** What CloudTrail delivers in five minutes, an account a file; all of it is one batch. */
function* sampleBatches(days: number): Iterable<readonly TrailFile[]> {
  const { days: made } = sampleOrganization({
    seed: 1,
    days,
    end: '2026-11-20T17:00:00Z' as Instant,
    profile: 'large',
  });
  for (const { records } of made()) {
    const slots = new Map<number, Filed[]>();
    for (const record of records) {
      const slot = Math.floor(secondsOf(record.eventTime) / 300);
      const others = slots.get(slot);
      if (others === undefined) slots.set(slot, [record]);
      else others.push(record);
    }
    for (const [slot, own] of [...slots].sort(([a], [b]) => a - b)) {
      const time = instantAt((slot + 1) * 300).replace(/[-:]/g, '');
      yield* inBatches(filesOf(own, 'eu-central-1', time, `CloudTrail_${time}.json.gz`));
    }
  }
}
