import type { Result } from '../../core/result.ts';
import type { Instant } from '../../core/time.ts';
import type { DigestKey, Place, Sealed } from '../../core/usage/digest.ts';
import type { Refused } from '../../core/usage/parse.ts';

/** What it takes to believe a digest of the trail. */
export interface Digests {
  /** The object with its hash and its metadata; undefined where there is none. */
  read(place: Place): Promise<Result<Sealed, Refused> | undefined>;
  /** CloudTrail's public keys that signed digests of the region in that time. */
  keys(region: string, from: Instant, to: Instant): Promise<readonly DigestKey[]>;
}
