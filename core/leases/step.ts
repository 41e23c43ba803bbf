import { append } from '../audit/chain.ts';
import { type DomainEvent, genesis } from '../audit/event.ts';
import { withRefused } from '../audit/refused-clicks.ts';
import type { Change } from '../changes/change.ts';
import { endOf } from '../changes/moments.ts';
import { type Instant, plusSeconds } from '../time.ts';
import { isSettling } from './due.ts';
import type { Lease, LeaseId, Residue, RevokeReason } from './lease.ts';
import { residueName } from './residue.ts';

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

/** After as many failures people are paged. It is tried on all the same. */
const stuckAfter = 5;
/** Seconds until a failed attempt is due again; the sweeper comes every five minutes. */
const retryAfter = 60;

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
    v: 2 as const,
    id: id as LeaseId,
    state: 'prepared' as const,
    change: change.id,
    account: plan.account,
    carrier: plan.target,
    beneficiary,
    edit,
    startsAt: approvedAt,
    endsAt: end,
    generation: 0,
    attempts: 0,
    retryAt: null,
    revokeReason: null,
    revokedAt: null,
    verifiedAt: null,
    residue: [],
    accepted: [],
  };
  return stepOf({ ...lease, version: 0, audit: genesis }, {}, { type: 'lease.prepared', at, by });
}

/** From here on IAM may hold the policy. Undefined unless the lease is still prepared. */
export const provisioning = (lease: Lease, at: Instant, by: string): LeaseStep | undefined =>
  lease.state === 'prepared'
    ? stepOf(lease, { state: 'provisioning', generation: lease.generation + 1 }, { type: 'lease.provisioning', at, by })
    : undefined;

/**
 * The policy was read back. Undefined where the lease is not being provisioned under the generation that was begun with:
 * after revoking it is never active.
 */
export const active = (lease: Lease, generation: number, at: Instant, by: string): LeaseStep | undefined =>
  lease.state === 'provisioning' && lease.generation === generation
    ? stepOf(lease, { state: 'active' }, { type: 'lease.active', at, by })
    : undefined;

/** Revocation begins, and nothing can stop it. Undefined where it has begun already or is over. */
export const revoking = (lease: Lease, reason: RevokeReason, at: Instant, by: string): LeaseStep | undefined =>
  isLive(lease)
    ? stepOf(
        lease,
        { state: 'revoking', revokeReason: reason, retryAt: at, generation: lease.generation + 1 },
        { type: 'lease.revoking', at, by, data: { reason } },
      )
    : undefined;

/** Whether the lease gives access, or is about to. */
export const isLive = ({ state }: Pick<Lease, 'state'>): boolean =>
  state === 'prepared' || state === 'provisioning' || state === 'active';

/** Whether the policy is being taken back and was not yet read back as gone. */
export const isBeingRevoked = ({ state }: Pick<Lease, 'state'>): boolean =>
  state === 'revoking' || state === 'revoke-stuck';

/** An attempt that did not end with the policy gone; it is counted, and tried again without end. */
export function revokeFailed(lease: Lease, detail: string, at: Instant, by: string): LeaseStep {
  const attempts = lease.attempts + 1;
  const isStuck = attempts >= stuckAfter;
  return stepOf(
    lease,
    { attempts, retryAt: plusSeconds(at, retryAfter), state: isStuck ? 'revoke-stuck' : lease.state },
    { type: isStuck ? 'lease.revoke-stuck' : 'lease.revoke-failed', at, by, data: { attempts, detail } },
  );
}

/** The read-back shows that the policy is gone. Undefined unless it was being taken back. */
export const revoked = (lease: Lease, at: Instant, by: string): LeaseStep | undefined =>
  isBeingRevoked(lease)
    ? stepOf(
        lease,
        { state: 'revoked', revokedAt: at, retryAt: null },
        { type: 'lease.revoked', at, by, data: { reason: lease.revokeReason } },
      )
    : undefined;

/** A policy of a revoked lease was there again and was removed again: somebody, or a late writer, put it back. */
export const removedAgain = (lease: Lease, at: Instant, by: string): LeaseStep =>
  stepOf(lease, {}, { type: 'lease.removed-again', at, by });

/** What can be done was computed anew without the policy, which is gone. `how` says on what that rests. */
export const verified = (
  lease: Lease,
  how: { snapshot: Instant; recomputed: number },
  at: Instant,
  by: string,
): LeaseStep | undefined =>
  lease.state === 'revoked'
    ? stepOf(lease, { state: 'verified', verifiedAt: at }, { type: 'lease.verified', at, by, data: how })
    : undefined;

/** What remains of what was made under it is not what it was at the last look. Undefined where it is. */
export const residueFound = (lease: Lease, residue: readonly Residue[], at: Instant, by: string) =>
  isSettling(lease) && JSON.stringify(residue) !== JSON.stringify(lease.residue)
    ? stepOf(lease, { residue }, { type: 'lease.residue', at, by, data: { residue: residue.slice(0, 20) } })
    : undefined;

/** Somebody answers for what remains, by name; it holds the lease open no longer. Undefined where nothing does. */
export const residueAccepted = (lease: Lease, reason: string, at: Instant, by: string): LeaseStep | undefined =>
  isSettling(lease) && lease.residue.length > 0
    ? stepOf(
        lease,
        { residue: [], accepted: [...lease.accepted, ...lease.residue.map(residueName)] },
        { type: 'lease.residue-accepted', at, by, data: { residue: lease.residue.slice(0, 20), reason } },
      )
    : undefined;

/** Somebody who may not answer for what remains tried to. `key` names the attempt. */
export const residueRefused = (lease: Lease, refusal: string, at: Instant, by: string, key: string): LeaseStep =>
  stepOf(lease, withRefused(lease, key), { type: 'lease.residue-refused', at, by, data: { refusal } });

/** Nothing that was made under it remains: nothing can come of this lease any more. Undefined where something may. */
export const closed = (lease: Lease, at: Instant, by: string): LeaseStep | undefined =>
  lease.state === 'verified' && lease.residue.length === 0 && at >= lease.endsAt
    ? stepOf(lease, { state: 'closed' }, { type: 'lease.closed', at, by })
    : undefined;

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
