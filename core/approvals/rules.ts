import type { ChangeKind } from '../changes/change.ts';
import type { ActorId } from '../identity/principal.ts';

/** A person who may ask or decide: one Slack account bound to the AWS identities that are this person. */
export interface Person {
  id: string;
  name: string;
  slack: { team: string; user: string };
  /** Every actor id that is this person; nobody decides for one of their own. */
  actors: readonly ActorId[];
}

/** Who may decide what. Only rules that match are evaluated, and the strictest wins. */
export interface ApproverRule {
  name: string;
  /** Absent: every kind. */
  kinds?: readonly ChangeKind[];
  /** Absent: every account. */
  accounts?: readonly string[];
  /** Person ids. */
  approvers: readonly string[];
  /** How many different people must approve. */
  quorum: number;
  /** True: matching changes can never be approved. */
  deny?: boolean;
}

export type Refusal =
  | 'unknown-person'
  | 'not-pending'
  | 'lapsed'
  | 'self-approval'
  | 'no-matching-rule'
  | 'denied-by-rule'
  | 'not-an-approver'
  | 'already-decided'
  | 'not-confirmed'
  | 'digest-mismatch';
