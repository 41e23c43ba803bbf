import { isConfirmed, needsConfirmation } from '../approvals/confirmation.ts';
import type { Approvers, Click } from '../approvals/decide.ts';
import { reviewRefusal } from '../approvals/emergency.ts';
import type { Refusal } from '../approvals/rules.ts';
import { identitiesOf } from '../approvals/same-person.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Instant } from '../time.ts';
import type { Change, Review } from './change.ts';
import { matterOf } from './decided.ts';
import { isReviewDue, reviewDigestOf } from './digest.ts';
import { type Step, stepOf } from './step.ts';

/**
 * Somebody looked at what was taken in an emergency. One approver who is none of its parties is enough, late or not; to
 * find it right is confirmed as an approval would have been, to find it wrong needs no proof and ends the access.
 */
export function reviewed(change: Change, click: Click, approvers: Approvers): Result<Step<Change>, Refusal> {
  const { review } = change;
  if (review === undefined || !isReviewDue(change)) return fail('not-pending');
  const { by, verdict, at, confirmation } = click;
  const digest = reviewDigestOf(change);
  const matter = matterOf(change);
  const refusal = reviewRefusal(matter, by, at, approvers);
  if (refusal !== undefined) return fail(refusal);
  if (click.digest !== digest) return fail('digest-mismatch');
  const person = approvers.people.find(({ id }) => id === by);
  const confirmed = person !== undefined && isConfirmed(confirmation, digest, identitiesOf(person, approvers.people));
  if (verdict === 'approve' && person?.suspended) return fail('suspended');
  if (verdict === 'approve' && !confirmed && needsConfirmation(matter.risk, approvers.confirmAbove))
    return fail('not-confirmed');
  const said: Review['said'] = {
    by,
    verdict,
    at,
    ...(confirmed && confirmation && { confirmedBy: confirmation.actor }),
  };
  const type = verdict === 'approve' ? 'change.review-approved' : 'change.review-denied';
  return ok(stepOf(change, { review: { ...review, said } }, { type, at, by, data: { due: review.due } }));
}

/** The time to look at it is over. Undefined where it is not, or where that was told already. */
export const reviewOverdue = (change: Change, at: Instant, by: string): Step<Change> | undefined =>
  change.review !== undefined && isReviewDue(change) && !change.review.overdue && at > change.review.due
    ? stepOf(
        change,
        { review: { ...change.review, overdue: true } },
        { type: 'change.review-overdue', at, by, data: { alarm: 'review-overdue', due: change.review.due } },
      )
    : undefined;
