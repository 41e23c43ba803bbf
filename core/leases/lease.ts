import type { AuditHead } from '../audit/event.ts';
import type { Edit } from '../changes/change.ts';
import type { Instant } from '../time.ts';

export type LeaseId = string & { readonly __brand: 'LeaseId' };

/**
 * prepared → provisioning → active → revoking (→ revoke-stuck) → revoked → verified → closed; never back, and whatever
 * is in doubt goes to `revoking`. `provisioning`: from here on IAM may hold the policy. `revoked`: reading back shows it
 * gone. `verified`: access was computed anew without it. `closed`: nothing made under it remains.
 */
export type LeaseState =
  | 'prepared'
  | 'provisioning'
  | 'active'
  | 'revoking'
  | 'revoke-stuck'
  | 'revoked'
  | 'verified'
  | 'closed';

/**
 * Lent access. By an inline policy or a role of its own every Allow in `edit.after` carries the end and the beneficiary; an
 * assignment carries neither, and others may hold it too (assignment.ts).
 */
export interface Lease {
  v: 2;
  id: LeaseId;
  version: number;
  state: LeaseState;
  change: string;
  account: string;
  /** ARN of the principal that carries the policy; `set:ACCOUNT/NAME` of a permission set. */
  carrier: string;
  beneficiary: string;
  edit: Edit;
  startsAt: Instant;
  endsAt: Instant;
  /** Counted up where provisioning begins and where revoking begins: what was begun under another one counts no more. */
  generation: number;
  attempts: number;
  /** While it is taken back: when the sweeper tries again. */
  retryAt: Instant | null;
  revokeReason: RevokeReason | null;
  revokedAt: Instant | null;
  verifiedAt: Instant | null;
  /** What was made under it and is still there, as last looked; it does not close before these are gone or accepted. */
  residue: readonly Residue[];
  /** Names of residue that somebody answers for, by `residueName`. */
  accepted: readonly string[];
  /** Keys of clicks that were refused (core/audit/refused-clicks.ts); absent: none. */
  refusedClicks?: readonly string[];
  audit: AuditHead;
}

/** Something that was made under a lease and outlives it. */
export interface Residue {
  /** `access`: what was lent is allowed to the carrier by something else that was not there before. */
  kind: 'access' | 'access-key' | 'trust-edit' | 'session';
  /** The key's id, the role's ARN, or `action on resource`. */
  what: string;
  /** When it is over by itself; null: never. */
  until: Instant | null;
}

export type RevokeReason = 'ended' | 'early' | 'in-doubt' | 'alarm' | 'offboarded';

/** A lease as version 1 held it: `prepared` included what may have been in IAM already. */
export const upgradeLease = (body: Record<string, unknown>): Record<string, unknown> => ({
  ...body,
  v: 2,
  state: body.state === 'prepared' ? 'provisioning' : body.state,
  generation: 1,
  retryAt: body.state === 'revoking' ? body.startsAt : null,
  verifiedAt: null,
  residue: [],
  accepted: [],
});
