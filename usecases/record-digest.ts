import type { AccountId } from '../core/identity/principal.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type Instant, parseInstant, plusSeconds } from '../core/time.ts';
import {
  type Digest,
  type DigestedFile,
  deliveriesOf,
  doubtAboutDigest,
  followsOn,
  type Place,
  parseDigest,
  type Sealed,
} from '../core/usage/digest.ts';
import type { Rejection, RejectReason, UsageEvent } from '../core/usage/event.ts';
import { readLog } from '../core/usage/log.ts';
import { latestFor } from '../core/usage/parse.ts';
import { type Trail, trailObject } from '../core/usage/trail.ts';
import { eachLimited, type JoinUsageDeps, joinUsage } from './join-usage.ts';
import type { Digests } from './ports/digests.ts';

export interface RecordDigestDeps extends JoinUsageDeps {
  digests: Digests;
  trail: Trail;
  now(): Instant;
}

/** A digest file of the trail, with what its place says. */
export interface DigestFile extends Place {
  account: AccountId;
  region: string;
  /** It names files that an earlier digest left out, and proves no hour. */
  late: boolean;
  historic: boolean;
}

/** So many log files are in memory at once. */
const chunk = 20;

/**
 * Verifies a digest as CloudTrail documents it (its place, its signature, the digest before it, the hash of every log
 * file that it names) and takes those files in, now with the trust of what is verified. Only a digest of which every
 * file was taken in whole proves its hours: one that is missing or changed may have held a use. What is refused is
 * kept with its reason, and never tried again: it would be refused again. Resolves to how much was taken and rejected.
 */
export const recordDigest =
  (deps: RecordDigestDeps) =>
  async (file: DigestFile): Promise<{ accepted: number; rejected: number }> => {
    const believed = await believe(deps, file);
    if (!believed.ok) return refuse(deps, file, believed.error);
    const digest = believed.value;
    const elsewhere = digest.files.find((each) => !isOfTheSame(deps.trail, file, each));
    if (elsewhere) return refuse(deps, file, `names s3://${elsewhere.bucket}/${elsewhere.key}, no log file of its own`);
    const linked = file.late || digest.previous === null ? null : await deps.digests.read(digest.previous);
    const isLinked = linked?.ok === true && followsOn(digest, linked.value);
    let [accepted, rejected] = [0, 0];
    if (digest.previous !== null && !file.late && !isLinked) {
      await deps.keepRejections([rejection('broken-digest-chain', file, 'the digest before it is not as it was')]);
    }
    for (let at = 0; at < digest.files.length; at += chunk) {
      const taken = await eachLimited(digest.files.slice(at, at + chunk), 10, (each) => takeLogFile(deps, file, each));
      const events = taken.flatMap((each) => each.events);
      const rejections = taken.flatMap((each) => each.rejections);
      await joinUsage(deps, { events, rejections, coverage: [] });
      accepted += events.length;
      rejected += rejections.length;
    }
    if (rejected === 0 && !file.late) await deps.ledger.joinCoverage(deliveriesOf(digest, file.region, isLinked));
    return { accepted, rejected };
  };

/** The digest, where CloudTrail signed it for the place that it lies at and the account of its path. */
async function believe(deps: RecordDigestDeps, file: DigestFile): Promise<Result<Digest, string>> {
  const sealed = await deps.digests.read(file);
  if (sealed === undefined) throw new Error(`s3://${file.bucket}/${file.key} does not exist`);
  if (!sealed.ok) return fail(sealed.error.detail);
  const parsed = parseDigest(sealed.value.text);
  if (!parsed.ok) return fail(parsed.error);
  const digest = parsed.value;
  if (digest.account !== file.account) return fail(`is of account ${digest.account}`);
  const { from, to } = signedWithin(digest, sealed.value);
  const keys = await deps.digests.keys(file.region, from, to);
  const key = keys.find(({ fingerprint }) => fingerprint === digest.fingerprint);
  if (key === undefined) return fail(`names the key ${digest.fingerprint}, which CloudTrail does not list`);
  const doubt = doubtAboutDigest(digest, sealed.value, { bucket: file.bucket, key: file.key }, key);
  return doubt === null ? ok(digest) : fail(doubt);
}

/** Late digests are signed long after the hour that they are about, and say when. */
function signedWithin({ start, end }: Digest, { metadata }: Sealed): { from: Instant; to: Instant } {
  const made = parseInstant(metadata['backfill-generation-timestamp'] ?? '');
  return made === undefined
    ? { from: start, to: end }
    : { from: plusSeconds(made, -3600), to: plusSeconds(made, 3600) };
}

function isOfTheSame(trail: Trail, { account, region }: DigestFile, { bucket, key }: DigestedFile): boolean {
  const object = trailObject(trail, bucket, key);
  return object.type === 'log' && object.account === account && object.region === region;
}

interface TakenFile {
  events: readonly UsageEvent[];
  rejections: readonly Rejection[];
}

async function takeLogFile(deps: RecordDigestDeps, of: DigestFile, log: DigestedFile): Promise<TakenFile> {
  const refused = (reason: RejectReason, detail: string): TakenFile => ({
    events: [],
    rejections: [rejection(reason, log, detail)],
  });
  const read = await deps.digests.read(log);
  if (read === undefined) return refused('missing-log-file', `was delivered, by ${of.key}, and is not there`);
  if (!read.ok) return refused(read.error.reason, read.error.detail);
  const { text, sha256 } = read.value;
  if (sha256 !== log.sha256) return refused('changed-log-file', `is not what was delivered, by ${of.key}`);
  const { account, historic } = of;
  const latest = latestFor(deps.now());
  return readLog(text, `s3://${log.bucket}/${log.key}`, { trust: 'digest-verified', historic, latest, account });
}

const rejection = (reason: RejectReason, { bucket, key }: Place, detail: string): Rejection => ({
  reason,
  detail,
  place: { source: `s3://${bucket}/${key}`, index: null },
});

async function refuse(deps: RecordDigestDeps, file: DigestFile, why: string) {
  await deps.keepRejections([rejection('invalid-digest', file, `the digest ${why}`)]);
  return { accepted: 0, rejected: 1 };
}
