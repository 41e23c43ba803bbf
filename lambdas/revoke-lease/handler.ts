import * as z from 'zod/mini';
import { insist } from '../../usecases/insist.ts';
import { type Revocation, type RevokeLeaseDeps, revokeLease } from '../../usecases/revoke-lease.ts';
import { type EachMessageDeps, eachMessage } from '../each-message.ts';

export interface Deps extends RevokeLeaseDeps, EachMessageDeps {}

/** Revokes the lease whose schedule fired, or whose end somebody asked for (`lease.revoking`). */
export const revokeLeaseHandler = (deps: Deps) =>
  eachMessage(deps, 'a lease to revoke', revocationOf)((revocation) => insist(() => revokeLease(deps)(revocation)));

const id = z.string().check(z.minLength(1));
/** What the schedule sends. */
const scheduled = z.object({ lease: id });
const envelope = z.object({ detail: z.object({ aggregate: z.object({ type: z.literal('lease'), id }), by: id }) });

function revocationOf(body: unknown): Revocation | undefined {
  const fired = z.safeParse(scheduled, body);
  if (fired.success) return { lease: fired.data.lease, reason: 'ended', by: 'schedule' };
  const asked = z.safeParse(envelope, body);
  if (!asked.success) return undefined;
  const { aggregate, by } = asked.data.detail;
  return { lease: aggregate.id, reason: 'early', by };
}
