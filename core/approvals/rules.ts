import type { PrivilegeClass } from '../catalogue/privilege-class.ts';
import type { ChangeKind } from '../changes/change.ts';
import type { ActorId } from '../identity/principal.ts';
import type { Instant } from '../time.ts';
import type { Risk } from './risk.ts';

/** A person who may ask or decide: one Slack account bound to the AWS identities that are this person. */
export interface Person {
  id: string;
  name: string;
  slack: { team: string; user: string };
  /** Every actor id that is this person; nobody decides for one of their own. */
  actors: readonly ActorId[];
  /** Name of the team; absent: none, and two of none are not of different teams. */
  team?: string;
  /** Identities that were bound to this person and are refused by now: not theirs to sign with, and still not theirs to decide for. */
  former?: readonly ActorId[];
  /** Not deployed any more, and still in force: approves and asks for nothing, and may say no (ADR-0033). */
  suspended?: true;
}

/**
 * Who may decide what. Only rules that match are evaluated, and the strictest wins. A criterion that is absent matches
 * everything; of a list one is enough.
 */
export interface ApproverRule {
  name: string;
  kinds?: readonly ChangeKind[];
  accounts?: readonly string[];
  /** Organizational units that the account stands in, at any depth. */
  units?: readonly string[];
  /** Tags of the target: all of them, each with this value, or any where it is `*`. */
  tags?: Readonly<Record<string, string>>;
  /** Names of permission sets. */
  permissionSets?: readonly string[];
  /** Classes of the actions that it is about. */
  classes?: readonly PrivilegeClass[];
  /** This risk or a greater one. */
  risk?: Risk;
  /** Person ids, `group:NAME`, and `on-call:NAME`. */
  approvers: readonly string[];
  /** How many different people must approve. */
  quorum: number;
  /** Of how many different teams they must be; absent: that does not matter. */
  teams?: number;
  /** True: matching changes can never be approved. */
  deny?: boolean;
  /** Lending nothing but actions of these classes needs nobody: they are named harmless. */
  harmless?: readonly PrivilegeClass[];
}

/** Who is on call, each for so many hours, one after the other. */
export interface Rota {
  people: readonly string[];
  from: Instant;
  hours: number;
}

/** A decision made beforehand: who may have what in an emergency, for how long, and until when somebody else reviews it. */
export interface StandingDecision {
  name: string;
  /** Person ids, `group:NAME`, and `on-call:NAME`: for themselves and nobody else. */
  people: readonly string[];
  accounts: readonly string[];
  classes: readonly PrivilegeClass[];
  maxHours: number;
  reviewWithinHours: number;
}

export type Refusal =
  | 'unknown-person'
  | 'suspended'
  | 'not-pending'
  | 'lapsed'
  | 'self-approval'
  | 'no-matching-rule'
  | 'denied-by-rule'
  | 'not-an-approver'
  | 'already-decided'
  | 'not-confirmed'
  | 'no-standing-decision'
  | 'found-wrong'
  | 'not-reviewed'
  | 'digest-mismatch';
