import type { SealedManifest } from '../../core/audit/manifest.ts';

/** Signed manifests over the audit, numbered from 1, each written once (Object Lock in AWS). */
export interface ManifestArchive {
  /** The highest number; 0 where there is none. */
  newest(): Promise<number>;
  /** The object's text; undefined where there is none. */
  read(sequence: number): Promise<string | undefined>;
  /** `taken`: another run has written that number. */
  put(sequence: number, sealed: SealedManifest): Promise<'put' | 'taken'>;
}
