import { canonicalHash } from '../audit/canonical.ts';
import type { Instant } from '../time.ts';
import type { Change, Plan } from './change.ts';

/** SHA-256 of the plan's canonical JSON, in hex: what people decide about. */
export const digestOf = (plan: Plan): string => canonicalHash(plan);

/**
 * What a decision to undo is about. It differs from the plan's digest and from that of any earlier request to undo, so
 * that a click on an old message decides nothing new.
 */
export const undoDigestOf = (change: Pick<Change, 'id' | 'digest' | 'undo'>): string =>
  canonicalHash({ undo: change.undo, change: change.id, digest: change.digest });

/** What a review decides about: of this change, of what was taken then. */
export const reviewDigestOf = (change: Pick<Change, 'id' | 'digest' | 'review'>): string =>
  canonicalHash({ review: change.id, digest: change.digest, due: change.review?.due });

/** The digest that a message must carry in its buttons: of the plan, of the undo, or of the review, whichever is due. */
export function digestToDecide(change: Change): string {
  if (isReviewDue(change)) return reviewDigestOf(change);
  return change.state === 'undo-planned' ? undoDigestOf(change) : change.digest;
}

/** Whether what was taken in an emergency still has to be looked at. Where nothing was given there is nothing to look at. */
export const isReviewDue = ({ review, state }: Pick<Change, 'review' | 'state'>): boolean =>
  review !== undefined && review.said === null && state !== 'refused';

/**
 * What the deciding function signs, as a hex SHA-256. The id keeps a signature from serving another change with the
 * same plan; the moment of approval fixes a lease's end and a quarantine's cut.
 */
export const applyStatement = (change: { id: string; digest: string; approvedAt: Instant }): string =>
  canonicalHash({ statement: 'apply', change: change.id, digest: change.digest, approvedAt: change.approvedAt });

/** What is signed when an undo is approved. */
export const undoStatement = (change: Pick<Change, 'id' | 'digest' | 'undo'>): string =>
  canonicalHash({ statement: 'undo', change: change.id, digest: undoDigestOf(change) });
