import type { ChangeKind, Decision } from '../changes/change.ts';
import type { ActorId } from '../identity/principal.ts';
import type { Instant } from '../time.ts';
import type { Confirmation } from './confirmation.ts';
import type { Facts } from './matching.ts';
import type { Risk } from './risk.ts';
import type { Roster } from './roster.ts';
import type { ApproverRule, Person, StandingDecision } from './rules.ts';

/** What is to be decided: a plan, its undo, or the answer to a case. */
export interface Matter {
  kind: ChangeKind;
  accounts: readonly string[];
  /** What rules may ask about; what is absent is not known, and makes no approval easier. */
  facts?: Facts;
  /** Above a bound an approval counts only with a confirmation; absent: a click is enough. */
  risk?: Risk;
  /** False: it was decided already, or nothing is being asked. */
  open: boolean;
  digest: string;
  decideBy: Instant;
  /** Person ids of those who asked or who would gain; none of them may decide. */
  parties: readonly string[];
  /** Identities that may not decide: the target, its lineage, and those of the parties when the plan was made. */
  lineage: readonly ActorId[];
  /** Asked for as an emergency, for so many seconds; `denied`: whoever reviewed it since said no. */
  emergency?: { duration: number; denied: boolean };
  /** What was decided about this digest so far. */
  decisions: readonly Decision[];
}

/** One click. */
export interface Click {
  /** Person id. */
  by: string;
  verdict: 'approve' | 'deny';
  /** The digest that the person saw. */
  digest: string;
  at: Instant;
  /** Signed by the person's own session of AWS; absent for a click in Slack. */
  confirmation?: Confirmation;
}

export interface Approvers extends Roster {
  rules: readonly ApproverRule[];
  people: readonly Person[];
  /** Up to which risk a click is enough; absent: medium. */
  confirmAbove?: Risk | undefined;
  /** What was decided beforehand, for emergencies. */
  standing?: readonly StandingDecision[] | undefined;
}

/** `pending`: the decision counts, and more different people have to approve. */
export interface Outcome {
  decision: Decision;
  outcome: 'approved' | 'denied' | 'pending';
  /** Taken in an emergency: until when somebody else must look at it. */
  reviewBy?: Instant;
}
