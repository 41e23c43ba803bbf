import { signalsOf } from '../core/anomaly/signals/signals.ts';
import type { Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import { type Coverage, coverageOf } from '../core/usage/coverage.ts';
import { isEnvelope, parseEnvelope } from '../core/usage/envelope.ts';
import type { Rejection, UsageEvent } from '../core/usage/event.ts';
import { createLedger } from '../core/usage/ledger.ts';
import { edgesOf } from '../core/usage/lineage.ts';
import { readLog } from '../core/usage/log.ts';
import { latestFor, type Refused } from '../core/usage/parse.ts';
import { type Trail, trailObject } from '../core/usage/trail.ts';
import type { LedgerStore } from './ports/ledger-store.ts';

/** What a queue hands over: an event of the fast lane, or the place of a log file of the full lane. */
export type Delivery =
  | { id: string; lane: 'fast'; envelope: unknown }
  /** `historic`: from back-fill; joins the ledger and is never scored. */
  | { id: string; lane: 'full'; bucket: string; key: string; historic?: boolean };

export interface Deps {
  ledger: Pick<LedgerStore, 'join' | 'joinCoverage' | 'joinLineage'>;
  /** The object's text, decompressed; a refusal where the object is broken. Faults are thrown. */
  readObject(bucket: string, key: string): Promise<Result<string, Refused>>;
  /** Keeps what was rejected, with its reason. Keeping the same again changes nothing. */
  keepRejections(rejections: readonly Rejection[]): Promise<void>;
  now(): Instant;
  /** Of the bounded sets: one per deployment. */
  setKey: string;
  /** Whether rows of single resources are kept. */
  resources: boolean;
  /** null: fast lane only. */
  trail: Trail | null;
}

export interface Recorded {
  accepted: number;
  rejected: number;
  /** Deliveries to hand out again, to the dead letters in the end: a fault, or nothing in them can be read. */
  failed: readonly { id: string; reason: string }[];
}

type LogFile = Extract<Delivery, { lane: 'full' }>;

interface Taken {
  events: readonly UsageEvent[];
  rejections: readonly Rejection[];
  coverage: readonly Coverage[];
  failed: string | null;
}

/**
 * Takes a batch of deliveries into the ledger. Every step may run again with the same effect, so a fault of the store
 * fails the batch and is tried again whole; a delivery that cannot be read fails alone, and a rejected record fails
 * nothing. Lineage is written before the items that detection reads, coverage after them: it may never promise more
 * than the ledger holds.
 */
export const recordUsage =
  (deps: Deps) =>
  async (deliveries: readonly Delivery[]): Promise<Recorded> => {
    const taken = await eachLimited(deliveries, 10, (delivery) => take(deps, delivery));
    const events = taken.flatMap((each) => each.events);
    const ledger = createLedger({ key: deps.setKey, resources: deps.resources, signalsOf });
    for (const event of events) ledger.add(event);
    const [edges, items] = [events.flatMap(edgesOf), ledger.items()];
    const coverage = taken.flatMap((each) => each.coverage);
    const rejections = taken.flatMap((each) => each.rejections);
    if (edges.length > 0) await deps.ledger.joinLineage(edges);
    if (items.length > 0) await deps.ledger.join(items);
    if (coverage.length > 0) await deps.ledger.joinCoverage(coverage);
    if (rejections.length > 0) await deps.keepRejections(rejections);
    const failed = deliveries.flatMap(({ id }, i) =>
      taken[i]!.failed === null ? [] : [{ id, reason: taken[i]!.failed! }],
    );
    return { accepted: events.length, rejected: rejections.length, failed };
  };

async function take(deps: Deps, delivery: Delivery): Promise<Taken> {
  if (delivery.lane === 'fast') return takeEnvelope(deps, delivery.id, delivery.envelope);
  try {
    return await takeFile(deps, delivery);
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return { ...nothing, failed: `s3://${delivery.bucket}/${delivery.key}: ${reason}` };
  }
}

const nothing: Taken = { events: [], rejections: [], coverage: [], failed: null };

function takeEnvelope(deps: Deps, id: string, envelope: unknown): Taken {
  const source = `message ${id}`;
  if (!isEnvelope(envelope)) return unreadable(source, { reason: 'not-a-record', detail: 'not an EventBridge event' });
  const latest = latestFor(deps.now());
  const parsed = parseEnvelope(envelope, { trust: 'fast-lane', historic: false, latest });
  if (parsed.ok) return { ...nothing, events: [parsed.value] };
  return { ...nothing, rejections: [{ ...parsed.error, place: { source, index: null } }] };
}

async function takeFile(deps: Deps, { bucket, key, historic = false }: LogFile): Promise<Taken> {
  const source = `s3://${bucket}/${key}`;
  const object = trailObject(deps.trail ?? noTrail, bucket, key);
  if (object.type === 'beside') return nothing;
  if (object.type === 'elsewhere') {
    return {
      ...nothing,
      rejections: [{ reason: 'not-cloudtrail', detail: object.why, place: { source, index: null } }],
    };
  }
  const text = await deps.readObject(bucket, key);
  if (!text.ok) return unreadable(source, text.error);
  const { account } = object;
  // Until digests are verified, a file proves no more than that somebody could write to the bucket.
  const intake = { trust: 'unverified', historic, latest: latestFor(deps.now()), account } as const;
  const { events, rejections } = readLog(text.value, source, intake);
  const whole = rejections.find(({ place }) => place.index === null && events.length === 0);
  // A file with a record that was not taken in covers nothing: that record may have been a use.
  const coverage =
    rejections.length > 0
      ? []
      : coverageOf(
          account,
          events.map(({ time }) => time),
        );
  return { events, rejections, coverage, failed: whole === undefined ? null : `${whole.reason}: ${whole.detail}` };
}

const noTrail: Trail = { bucket: '', prefix: '', organization: '' };

const unreadable = (source: string, { reason, detail }: Refused): Taken => ({
  ...nothing,
  rejections: [{ reason, detail, place: { source, index: null } }],
  failed: `${reason}: ${detail}`,
});

/** Results in the order of the list, at most `limit` under way. */
async function eachLimited<T, R>(list: readonly T[], limit: number, work: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < list.length) {
      const at = next++;
      results[at] = await work(list[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, list.length) }, worker));
  return results;
}
