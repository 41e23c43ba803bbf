import { accountOf } from '../identity/caller.ts';
import type { AccountId } from '../identity/principal.ts';

/** The organization trail's files: the only ones the full lane reads. */
export interface Trail {
  bucket: string;
  /** Before `AWSLogs/`, without a slash at its end; empty: none. */
  prefix: string;
  /** `o-…` */
  organization: string;
}

export type TrailObject =
  | { type: 'log'; account: AccountId; region: string }
  /** `late`: it names files that an earlier digest left out, and proves no hour. */
  | { type: 'digest'; account: AccountId; region: string; late: boolean }
  /** What CloudTrail writes beside its logs: insights. */
  | { type: 'beside' }
  | { type: 'elsewhere'; why: string };

/**
 * What an object of S3 is to the trail, by its place alone:
 * `PREFIX/AWSLogs/ORGANIZATION/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/….json.gz`.
 */
export function trailObject(trail: Trail, bucket: string, key: string): TrailObject {
  if (bucket !== trail.bucket) return { type: 'elsewhere', why: `bucket ${bucket} is not the trail's` };
  const root = `${trail.prefix === '' ? '' : `${trail.prefix}/`}AWSLogs/${trail.organization}/`;
  if (!key.startsWith(root)) return { type: 'elsewhere', why: `key ${key} does not begin with ${root}` };
  const [id, kind, region = ''] = key.slice(root.length).split('/');
  const account = accountOf(id);
  if (account === null || !kind?.startsWith('CloudTrail')) {
    return { type: 'elsewhere', why: `key ${key} names no account and no kind of CloudTrail file` };
  }
  if (kind === 'CloudTrail') return { type: 'log', account, region };
  if (kind !== 'CloudTrail-Digest') return { type: 'beside' };
  return { type: 'digest', account, region, late: key.endsWith('_backfill.json.gz') };
}
