import * as z from 'zod/mini';
import { type FederationChange, federationChangeIn } from '../../core/identity/federation-change.ts';
import { type Leaver, leaverIn } from '../../core/identity/leaver.ts';
import { objectOf } from '../../core/untrusted.ts';
import {
  type EndLeasesDeps,
  endLeaseOfReview,
  endLeasesOfCase,
  endLeasesOfLeaver,
} from '../../usecases/end-leases-of.ts';
import { type FreezeDeps, freezeEnrolments } from '../../usecases/freeze-enrolments.ts';
import { insist } from '../../usecases/insist.ts';
import { type Revocation, type RevokeLeaseDeps, revokeLease } from '../../usecases/revoke-lease.ts';
import { type EachMessageDeps, eachMessage } from '../each-message.ts';

export interface Deps extends RevokeLeaseDeps, EndLeasesDeps, FreezeDeps, EachMessageDeps {
  leases: RevokeLeaseDeps['leases'] & EndLeasesDeps['leases'];
}

/**
 * Revokes the lease whose schedule fired, or whose end somebody asked for (`lease.revoking`); where somebody said of a case
 * that it was not them (`case.not-us`), everything that is lent to whom it is about begins to end, and where somebody found
 * wrong what was taken in an emergency (`change.review-denied`), that. Where CloudTrail says that a user of Identity Center
 * is gone, what is lent to them; where it says that the SAML provider of Identity Center changed in an account, that account's
 * enrolments are frozen.
 */
export const revokeLeaseHandler = (deps: Deps) =>
  eachMessage(deps, 'a lease to revoke', workOf)((work) => insist(() => carryOut(deps, work)));

type Work =
  | Revocation
  | { case: string }
  | { reviewed: string }
  | { left: Leaver | undefined }
  | { changed: FederationChange };

function carryOut(deps: Deps, work: Work): Promise<unknown> {
  if ('case' in work) return endLeasesOfCase(deps)(work.case);
  if ('changed' in work) return freezeEnrolments(deps)(work.changed);
  if ('left' in work) return work.left ? endLeasesOfLeaver(deps)(work.left) : Promise.resolve();
  return 'reviewed' in work ? endLeaseOfReview(deps)(work.reviewed) : revokeLease(deps)(work);
}

const id = z.string().check(z.minLength(1));
/** What the schedule sends. */
const scheduled = z.object({ lease: id });
const envelope = z.object({ detail: z.object({ aggregate: z.object({ type: z.literal('lease'), id }), by: id }) });

const answered = z.object({ detail: z.object({ aggregate: z.object({ type: z.enum(['case', 'change']), id }) }) });

/** Only AWS can use such a source; what changes a user without taking them away is no work and no fault. */
const cloudTrail = z.object({
  source: z.string().check(
    z.startsWith('aws.'),
    z.refine((source) => !source.startsWith('aws.partner/')),
  ),
  'detail-type': z.enum(['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail']),
  account: z.string(),
  detail: z.unknown(),
});

function workOf(body: unknown): Work | undefined {
  const told = z.safeParse(cloudTrail, body);
  if (told.success) {
    const changed = federationChangeIn({ recipientAccountId: told.data.account, ...objectOf(told.data.detail) });
    if (changed && changed.account !== told.data.account) return undefined;
    return changed ? { changed } : { left: leaverIn(told.data.detail) };
  }
  const fired = z.safeParse(scheduled, body);
  if (fired.success) return { lease: fired.data.lease, reason: 'ended', by: 'schedule' };
  const asked = z.safeParse(envelope, body);
  if (!asked.success) {
    const aggregate = z.safeParse(answered, body).data?.detail.aggregate;
    if (aggregate === undefined) return undefined;
    return aggregate.type === 'case' ? { case: aggregate.id } : { reviewed: aggregate.id };
  }
  const { aggregate, by } = asked.data.detail;
  return { lease: aggregate.id, reason: 'early', by };
}
