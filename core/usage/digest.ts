import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { AccountId } from '../identity/principal.ts';
import { fail, ok, type Result } from '../result.ts';
import { type Instant, parseInstant, secondsOf } from '../time.ts';
import { objectOf, textOf } from '../untrusted.ts';
import { type Coverage, coverageOfHours } from './coverage.ts';

/** A place in S3. */
export interface Place {
  bucket: string;
  key: string;
}

/** A log file as a digest names it: the hash is that of the uncompressed bytes, in lower-case hex. */
export interface DigestedFile extends Place {
  sha256: string;
}

/** One of CloudTrail's digest files: which log files it delivered for an account and region from `start` to `end`. */
export interface Digest {
  account: string;
  start: Instant;
  end: Instant;
  /** Where CloudTrail put it. */
  place: Place;
  fingerprint: string;
  /** null: the first one since validation was switched on. */
  previous: (Place & { sha256: string }) | null;
  previousSignature: string | null;
  files: readonly DigestedFile[];
}

/** A file as it was read: the hash is that of its uncompressed bytes. */
export interface Sealed {
  text: string;
  sha256: string;
  /** The object's own metadata, keys without prefix: where CloudTrail puts a digest's signature. */
  metadata: Readonly<Record<string, string>>;
}

/** A public key of CloudTrail, DER. */
export interface DigestKey {
  fingerprint: string;
  der: Uint8Array;
}

/** Reads the text of a digest file. What lacks a field, or names another algorithm, is refused with the field's name. */
export function parseDigest(text: string): Result<Digest, string> {
  const fields = objectOf(parsed(text));
  if (fields === null) return fail('is no JSON object');
  if (fields.digestSignatureAlgorithm !== 'SHA256withRSA') return fail('digestSignatureAlgorithm is not SHA256withRSA');
  const account = textOf(fields.awsAccountId);
  const [start, end] = [instantIn(fields.digestStartTime), instantIn(fields.digestEndTime)];
  const place = placeIn(fields.digestS3Bucket, fields.digestS3Object);
  const fingerprint = textOf(fields.digestPublicKeyFingerprint);
  if (account === null || start === null || end === null || place === null || fingerprint === null)
    return fail('lacks its account, its times, its place or the fingerprint of its key');
  if (end <= start) return fail('ends before it begins');
  const files = filesIn(fields.logFiles);
  if (files === null) return fail('has a log file without a place or without a SHA-256 hash');
  return ok({ account, start, end, place, fingerprint, ...previousIn(fields), files });
}

function previousIn(fields: Record<string, unknown>): Pick<Digest, 'previous' | 'previousSignature'> {
  const place = placeIn(fields.previousDigestS3Bucket, fields.previousDigestS3Object);
  const sha256 = hashIn(fields.previousDigestHashValue, fields.previousDigestHashAlgorithm);
  return {
    previous: place === null || sha256 === null ? null : { ...place, sha256 },
    previousSignature: textOf(fields.previousDigestSignature),
  };
}

/** Why the digest cannot be believed; null where CloudTrail signed exactly this text for exactly this place. */
export function doubtAboutDigest(digest: Digest, sealed: Sealed, place: Place, key: DigestKey): string | null {
  if (digest.place.bucket !== place.bucket || digest.place.key !== place.key)
    return `was written for s3://${digest.place.bucket}/${digest.place.key}`;
  const signature = sealed.metadata.signature;
  if (signature === undefined) return 'has no signature in its metadata';
  const der = publicKeyOf(key.der);
  if (der === null) return `cannot be verified: the key ${key.fingerprint} is no RSA key`;
  const signed = Buffer.from(signedText(digest, sealed.sha256), 'utf8');
  const isSigned = /^(?:[\da-f]{2})+$/i.test(signature) && verify('sha256', signed, der, Buffer.from(signature, 'hex'));
  return isSigned ? null : `is not signed by the key ${digest.fingerprint}`;
}

/** What CloudTrail signs: the end, the place, the hash of the digest's own text, and the signature before. */
const signedText = ({ end, place, previousSignature }: Digest, sha256: string): string =>
  [end, `${place.bucket}/${place.key}`, sha256, previousSignature ?? 'null'].join('\n');

/** PKCS #1 is what CloudTrail documents; its own example shows the other encoding as well. */
function publicKeyOf(der: Uint8Array): KeyObject | null {
  for (const type of ['pkcs1', 'spki'] as const) {
    try {
      return createPublicKey({ key: Buffer.from(der), format: 'der', type });
    } catch {
      // The next encoding.
    }
  }
  return null;
}

/** Whether the digest goes on where `before`, read from the place that it names, ended. */
export function followsOn(digest: Digest, before: Sealed): boolean {
  if (digest.previous === null || before.sha256 !== digest.previous.sha256) return false;
  const earlier = parseDigest(before.text);
  return earlier.ok && earlier.value.end === digest.start;
}

/**
 * The hours in which deliveries are proven by a digest. Digests of a chain meet at some minute of the hour, so each
 * stands for the hour that it begins in, and together they leave none out. Where the chain begins, or is broken, the
 * hour's earlier part is not proven by anybody, and the hour does not count.
 */
export function deliveriesOf({ account, start, end }: Digest, region: string, linked: boolean): readonly Coverage[] {
  const first = (linked ? Math.floor : Math.ceil)(secondsOf(start) / 3600);
  const after = Math.floor(secondsOf(end) / 3600);
  const hours = Array.from({ length: Math.max(0, after - first) }, (_, i) => first + i);
  return coverageOfHours(account as AccountId, hours).map((row) => ({ ...row, region }));
}

/** In lower-case hex, as CloudTrail writes it. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const instantIn = (value: unknown): Instant | null => parseInstant(textOf(value) ?? '') ?? null;

function placeIn(bucketField: unknown, keyField: unknown): Place | null {
  const [bucket, key] = [textOf(bucketField), textOf(keyField)];
  return bucket === null || key === null ? null : { bucket, key };
}

const hashIn = (value: unknown, algorithm: unknown): string | null =>
  algorithm === 'SHA-256' && typeof value === 'string' ? value.toLowerCase() : null;

/** null where one of them cannot be checked. */
function filesIn(value: unknown): readonly DigestedFile[] | null {
  if (!Array.isArray(value)) return null;
  const files: DigestedFile[] = [];
  for (const each of value as readonly unknown[]) {
    const fields = objectOf(each);
    const place = placeIn(fields?.s3Bucket, fields?.s3Object);
    const sha256 = hashIn(fields?.hashValue, fields?.hashAlgorithm);
    if (place === null || sha256 === null) return null;
    files.push({ ...place, sha256 });
  }
  return files;
}
