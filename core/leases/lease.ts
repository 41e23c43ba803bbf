import type { AuditHead } from '../audit/event.ts';
import type { Edit } from '../changes/change.ts';
import type { Instant } from '../time.ts';

export type LeaseId = string & { readonly __brand: 'LeaseId' };

/**
 * prepared → active → revoking → revoked → closed; prepared → revoking when anything is in doubt. Never back.
 * `revoking` stays until the read-back shows the policy gone; after several attempts it also pages.
 */
export type LeaseState = 'prepared' | 'active' | 'revoking' | 'revoked' | 'closed';

/** Lent access by inline policy: every Allow in `edit.after` carries the end and the beneficiary. */
export interface Lease {
  v: 1;
  id: LeaseId;
  version: number;
  state: LeaseState;
  change: string;
  account: string;
  /** ARN of the principal that carries the policy. */
  carrier: string;
  beneficiary: string;
  edit: Edit;
  startsAt: Instant;
  endsAt: Instant;
  attempts: number;
  revokeReason: 'ended' | 'early' | 'in-doubt' | 'alarm' | null;
  revokedAt: Instant | null;
  /** Keys of clicks that were refused (core/audit/refused-clicks.ts); absent: none. */
  refusedClicks?: readonly string[];
  audit: AuditHead;
}
