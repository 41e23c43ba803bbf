import { createHash, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Instant, plusSeconds } from '../../../core/time.ts';
import type { DigestKey } from '../../../core/usage/digest.ts';

/** A key pair as CloudTrail has one for each region; the public half as ListPublicKeys gives it. */
export interface SigningKey {
  private: KeyObject;
  public: DigestKey;
}

export function signingKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ format: 'der', type: 'pkcs1' });
  return {
    private: privateKey,
    public: { der, fingerprint: createHash('md5').update(der).digest('hex') },
  };
}

export interface StoredFile {
  bytes: Buffer;
  metadata: Record<string, string>;
}

export interface MadeDigest {
  key: string;
  file: StoredFile;
  sha256: string;
  signature: string;
}

interface Making {
  bucket: string;
  root: string;
  account: string;
  region: string;
  end: Instant;
  signer: SigningKey;
  logs: readonly { key: string; text: string }[];
  previous: MadeDigest | null;
  seconds?: number;
  suffix?: string;
  metadata?: Record<string, string>;
  /** Fields that a test wants otherwise. */
  changes?: Record<string, unknown>;
}

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** A digest as CloudTrail would write it, signed by the steps of its documentation, not by the code under test. */
export function makeDigest(making: Making): MadeDigest {
  const { bucket, root, account, region, end, signer, logs, previous, seconds = 3600, suffix = '' } = making;
  const stamp = end.replaceAll(/[-:]/g, '');
  const day = end.slice(0, 10).replaceAll('-', '/');
  const key = `${root}/${account}/CloudTrail-Digest/${region}/${day}/${account}_CloudTrail-Digest_${region}_all_eu-west-1_${stamp}${suffix}.json.gz`;
  const text = JSON.stringify({
    awsAccountId: account,
    digestStartTime: plusSeconds(end, -seconds),
    digestEndTime: end,
    digestS3Bucket: bucket,
    digestS3Object: key,
    digestPublicKeyFingerprint: signer.public.fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime: null,
    oldestEventTime: null,
    ...previousFields(bucket, previous),
    logFiles: logs.map((log) => ({
      s3Bucket: bucket,
      s3Object: log.key,
      hashValue: sha256(log.text),
      hashAlgorithm: 'SHA-256',
    })),
    ...making.changes,
  });
  const signed = [end, `${bucket}/${key}`, sha256(text), previous?.signature ?? 'null'].join('\n');
  const signature = createSign('RSA-SHA256').update(signed).sign(signer.private).toString('hex');
  const metadata = { signature, 'signature-algorithm': 'SHA256withRSA', ...making.metadata };
  return { key, sha256: sha256(text), signature, file: { bytes: gzipSync(text), metadata } };
}

const previousFields = (bucket: string, previous: MadeDigest | null) => ({
  previousDigestS3Bucket: previous === null ? null : bucket,
  previousDigestS3Object: previous?.key ?? null,
  previousDigestHashValue: previous?.sha256 ?? null,
  previousDigestHashAlgorithm: previous === null ? null : 'SHA-256',
  previousDigestSignature: previous?.signature ?? null,
});
