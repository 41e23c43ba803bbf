import type { AccountId, Caller } from '../identity/principal.ts';
import type { Instant } from '../time.ts';

/**
 * How far the way of an event can be trusted (ADR-0009), weakest first. Any class may alarm and keep a permission;
 * what may support removing one is decided by ingestion coverage, never by a row alone.
 */
export const trustClasses = ['unverified', 'fast-lane', 'trusted-by-operator', 'digest-verified'] as const;
export type Trust = (typeof trustClasses)[number];

/** What became of the call: a denial is not usage; a missing resource is usage of the permission, told apart. */
export type Outcome = 'used' | 'not-found' | 'denied';

/** One accepted CloudTrail record, as far as Leastwise reads it. */
export interface UsageEvent {
  eventID: string;
  time: Instant;
  /** The account whose trail holds the record. */
  account: AccountId | null;
  region: string;
  /** eventSource, e.g. `s3.amazonaws.com`. */
  source: string;
  /** eventName, e.g. `GetObject`. */
  name: string;
  kind: 'api-call' | 'sign-in' | 'service-event' | 'other';
  caller: Caller;
  outcome: Outcome;
  errorCode: string | null;
  errorMessage: string | null;
  sourceAddress: string | null;
  userAgent: string | null;
  /** As in the record: anything. */
  requestParameters: unknown;
  responseElements: unknown;
  /** ARNs of `resources[]`. */
  resources: readonly string[];
  trust: Trust;
  /** From back-fill: joins the ledger, is never scored. */
  historic: boolean;
}

export type RejectReason =
  | 'not-json'
  | 'truncated-gzip'
  | 'not-a-record'
  | 'not-cloudtrail'
  | 'no-event-id'
  | 'no-event-time'
  | 'malformed-event-time'
  | 'time-in-the-future'
  | 'no-event-source'
  | 'no-event-name'
  | 'unknown-event-version'
  | 'malformed-field'
  | 'too-large'
  | 'account-mismatch'
  | 'empty-file'
  | 'invalid-digest'
  | 'broken-digest-chain'
  | 'missing-log-file'
  | 'changed-log-file';

/** A record that was not taken in: counted, kept and explained (invariant 10). */
export interface Rejection {
  reason: RejectReason;
  /** A sentence for people that names the field. */
  detail: string;
  /** Where: file or message, and the index of the record in it (null: the whole of it). */
  place: { source: string; index: number | null };
}
