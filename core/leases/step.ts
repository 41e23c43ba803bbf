import { append } from '../audit/chain.ts';
import { type DomainEvent, genesis } from '../audit/event.ts';
import { withRefused } from '../audit/refused-clicks.ts';
import type { Change } from '../changes/change.ts';
import { endOf } from '../changes/moments.ts';
import type { Instant } from '../time.ts';
import type { Lease, LeaseId } from './lease.ts';

/** What one commit of a lease writes. */
export interface LeaseStep {
  after: Lease;
  events: readonly DomainEvent[];
}

interface Telling {
  type: `lease.${string}`;
  at: Instant;
  by: string;
  data?: Readonly<Record<string, unknown>>;
}

/**
 * The lease of an approved change, before anything is in IAM: its end is durable first (law P2). Throws where the change
 * is no approved lending, which the caller has checked.
 */
export function prepared(change: Change, at: Instant, by: string): LeaseStep {
  const { approvedAt, plan, lease: id, beneficiary } = change;
  const end = approvedAt && endOf(plan, approvedAt);
  const [edit] = change.applied;
  if (!end || !edit || !id || beneficiary === null) throw new Error(`change ${change.id} lends nothing`);
  const lease = {
    v: 1 as const,
    id: id as LeaseId,
    state: 'prepared' as const,
    change: change.id,
    account: plan.account,
    carrier: plan.target,
    beneficiary,
    edit,
    startsAt: approvedAt,
    endsAt: end,
    attempts: 0,
    revokeReason: null,
    revokedAt: null,
  };
  return stepOf({ ...lease, version: 0, audit: genesis }, {}, { type: 'lease.prepared', at, by });
}

/** The policy was read back. Undefined unless the lease is still prepared: after revoking it is never active. */
export const active = (lease: Lease, at: Instant, by: string): LeaseStep | undefined =>
  lease.state === 'prepared' ? stepOf(lease, { state: 'active' }, { type: 'lease.active', at, by }) : undefined;

/** Revocation begins, and nothing can stop it. Undefined where it has begun already or is over. */
export const revoking = (
  lease: Lease,
  reason: NonNullable<Lease['revokeReason']>,
  at: Instant,
  by: string,
): LeaseStep | undefined =>
  lease.state === 'prepared' || lease.state === 'active'
    ? stepOf(lease, { state: 'revoking', revokeReason: reason }, { type: 'lease.revoking', at, by, data: { reason } })
    : undefined;

/** An attempt that did not end with the policy gone; it is counted, and tried again without end. */
export const revokeFailed = (lease: Lease, detail: string, at: Instant, by: string): LeaseStep =>
  stepOf(
    lease,
    { attempts: lease.attempts + 1 },
    { type: 'lease.revoke-failed', at, by, data: { attempts: lease.attempts + 1, detail } },
  );

/** The read-back shows that the policy is gone. */
export const revoked = (lease: Lease, at: Instant, by: string): LeaseStep =>
  stepOf(
    lease,
    { state: 'revoked', revokedAt: at },
    { type: 'lease.revoked', at, by, data: { reason: lease.revokeReason } },
  );

/** A policy of a revoked lease was there again and was removed again: somebody, or a late writer, put it back. */
export const removedAgain = (lease: Lease, at: Instant, by: string): LeaseStep =>
  stepOf(lease, {}, { type: 'lease.removed-again', at, by });

/** Its end has passed and the policy is gone: nothing can come of this lease any more. */
export const closed = (lease: Lease, at: Instant, by: string): LeaseStep =>
  stepOf(lease, { state: 'closed' }, { type: 'lease.closed', at, by });

/** Somebody who is nobody asked for the lease's end. `key` names the click. */
export const endRefused = (lease: Lease, refusal: string, at: Instant, by: string, key: string): LeaseStep =>
  stepOf(lease, withRefused(lease, key), { type: 'lease.end-refused', at, by, data: { refusal } });

function stepOf(lease: Lease, patch: Partial<Lease>, telling: Telling): LeaseStep {
  const next = { ...lease, ...patch };
  const { event, head } = append(lease.audit, {
    aggregate: { type: 'lease', id: lease.id },
    type: telling.type,
    at: telling.at,
    by: telling.by,
    data: { state: next.state, change: next.change, endsAt: next.endsAt, ...telling.data },
  });
  return { after: { ...next, version: lease.version + 1, audit: head }, events: [event] };
}
