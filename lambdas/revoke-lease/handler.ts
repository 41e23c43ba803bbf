import * as z from 'zod/mini';
import { type EndLeasesDeps, endLeasesOfCase } from '../../usecases/end-leases-of.ts';
import { insist } from '../../usecases/insist.ts';
import { type Revocation, type RevokeLeaseDeps, revokeLease } from '../../usecases/revoke-lease.ts';
import { type EachMessageDeps, eachMessage } from '../each-message.ts';

export interface Deps extends RevokeLeaseDeps, EndLeasesDeps, EachMessageDeps {
  leases: RevokeLeaseDeps['leases'] & EndLeasesDeps['leases'];
}

/**
 * Revokes the lease whose schedule fired, or whose end somebody asked for (`lease.revoking`); where somebody said of a case
 * that it was not them (`case.not-us`), everything that is lent to whom it is about begins to end.
 */
export const revokeLeaseHandler = (deps: Deps) =>
  eachMessage(deps, 'a lease to revoke', workOf)((work) => insist(() => carryOut(deps, work)));

const carryOut = (deps: Deps, work: Revocation | { case: string }): Promise<unknown> =>
  'case' in work ? endLeasesOfCase(deps)(work.case) : revokeLease(deps)(work);

const id = z.string().check(z.minLength(1));
/** What the schedule sends. */
const scheduled = z.object({ lease: id });
const envelope = z.object({ detail: z.object({ aggregate: z.object({ type: z.literal('lease'), id }), by: id }) });

const answered = z.object({ detail: z.object({ aggregate: z.object({ type: z.literal('case'), id }) }) });

function workOf(body: unknown): Revocation | { case: string } | undefined {
  const fired = z.safeParse(scheduled, body);
  if (fired.success) return { lease: fired.data.lease, reason: 'ended', by: 'schedule' };
  const asked = z.safeParse(envelope, body);
  if (!asked.success) {
    const aggregate = z.safeParse(answered, body).data?.detail.aggregate;
    return aggregate && { case: aggregate.id };
  }
  const { aggregate, by } = asked.data.detail;
  return { lease: aggregate.id, reason: 'early', by };
}
