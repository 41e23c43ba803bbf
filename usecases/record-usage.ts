import type { Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import { type Coverage, coverageOf } from '../core/usage/coverage.ts';
import { isEnvelope, parseEnvelope } from '../core/usage/envelope.ts';
import type { Rejection, UsageEvent } from '../core/usage/event.ts';
import { readLog } from '../core/usage/log.ts';
import { latestFor, type Refused } from '../core/usage/parse.ts';
import { type Trail, trailObject } from '../core/usage/trail.ts';
import { eachLimited, type JoinUsageDeps, joinUsage } from './join-usage.ts';
import type { Digests } from './ports/digests.ts';
import { type DigestFile, recordDigest } from './record-digest.ts';

/** What a queue hands over: an event of the fast lane, or the place of a log file of the full lane. */
export type Delivery =
  | { id: string; lane: 'fast'; envelope: unknown }
  /** `historic`: from back-fill; joins the ledger and is never scored. */
  | { id: string; lane: 'full'; bucket: string; key: string; historic?: boolean };

export interface Deps extends JoinUsageDeps {
  /** The object's text, decompressed; a refusal where the object is broken. Faults are thrown. */
  readObject(bucket: string, key: string): Promise<Result<string, Refused>>;
  now(): Instant;
  /** null: fast lane only. */
  trail: Trail | null;
  /** The trail's digests: then only they prove that an hour was delivered. null: log file validation is off. */
  digests: Digests | null;
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
  /** To be verified and taken in after the others. */
  digest: DigestFile | null;
  failed: string | null;
}

/**
 * Takes a batch of deliveries into the ledger. Every step may run again with the same effect, so a fault of the store
 * fails the batch and is tried again whole; a delivery that cannot be read fails alone, and a rejected record fails
 * nothing. Digests come last, one by one: each may name hundreds of files.
 */
export const recordUsage =
  (deps: Deps) =>
  async (deliveries: readonly Delivery[]): Promise<Recorded> => {
    const taken = await eachLimited(deliveries, 10, (delivery) => take(deps, delivery));
    const events = taken.flatMap((each) => each.events);
    const rejections = taken.flatMap((each) => each.rejections);
    await joinUsage(deps, { events, rejections, coverage: taken.flatMap((each) => each.coverage) });
    const { digests } = deps;
    let [accepted, rejected] = [events.length, rejections.length];
    for (const each of taken) {
      if (each.digest === null || digests === null) continue;
      try {
        const digested = await recordDigest({ ...deps, digests, trail: deps.trail ?? noTrail })(each.digest);
        accepted += digested.accepted;
        rejected += digested.rejected;
      } catch (cause) {
        each.failed = reasonOf(each.digest, cause);
      }
    }
    const failed = deliveries.flatMap(({ id }, i) =>
      taken[i]!.failed === null ? [] : [{ id, reason: taken[i]!.failed! }],
    );
    return { accepted, rejected, failed };
  };

const reasonOf = ({ bucket, key }: Pick<LogFile, 'bucket' | 'key'>, cause: unknown): string =>
  `s3://${bucket}/${key}: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`;

async function take(deps: Deps, delivery: Delivery): Promise<Taken> {
  if (delivery.lane === 'fast') return takeEnvelope(deps, delivery.id, delivery.envelope);
  try {
    return await takeFile(deps, delivery);
  } catch (cause) {
    return { ...nothing, failed: reasonOf(delivery, cause) };
  }
}

const nothing: Taken = { events: [], rejections: [], coverage: [], digest: null, failed: null };

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
  if (object.type === 'digest' && deps.digests !== null) {
    const { account, region, late } = object;
    return { ...nothing, digest: { bucket, key, account, region, late, historic } };
  }
  if (object.type === 'beside' || object.type === 'digest') return nothing;
  if (object.type === 'elsewhere') {
    return {
      ...nothing,
      rejections: [{ reason: 'not-cloudtrail', detail: object.why, place: { source, index: null } }],
    };
  }
  const text = await deps.readObject(bucket, key);
  if (!text.ok) return unreadable(source, text.error);
  const { account } = object;
  // Until its digest is verified, a file proves no more than that somebody could write to the bucket.
  const intake = { trust: 'unverified', historic, latest: latestFor(deps.now()), account } as const;
  const { events, rejections } = readLog(text.value, source, intake);
  // What stands behind a break nobody can count: the file is delivered again, and in the end kept as a dead letter.
  const broken = rejections.find(
    ({ reason, place }) => reason === 'not-json' || (place.index === null && events.length === 0),
  );
  // A file with a record that was not taken in covers nothing: that record may have been a use. Where there are digests,
  // only they cover.
  const coverage =
    rejections.length > 0 || deps.digests !== null
      ? []
      : coverageOf(
          account,
          events.map(({ time }) => time),
        );
  return {
    ...nothing,
    events,
    rejections,
    coverage,
    failed: broken === undefined ? null : `${broken.reason}: ${broken.detail}`,
  };
}

const noTrail: Trail = { bucket: '', prefix: '', organization: '' };

const unreadable = (source: string, { reason, detail }: Refused): Taken => ({
  ...nothing,
  rejections: [{ reason, detail, place: { source, index: null } }],
  failed: `${reason}: ${detail}`,
});
