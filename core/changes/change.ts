import type { AuditHead } from '../audit/event.ts';
import type { PrivilegeClass } from '../catalogue/privilege-class.ts';
import type { ActorId } from '../identity/principal.ts';
import type { Instant } from '../time.ts';

export type ChangeId = string & { readonly __brand: 'ChangeId' };
export type ChangeKind = 'quarantine' | 'rightsizing' | 'lending';

/** Something in IAM that holds one text, and that can be read, written and restored byte for byte. */
export type Slot =
  | { type: 'inline-policy'; account: string; principal: string; name: string }
  | { type: 'managed-policy'; account: string; policy: string }
  | { type: 'attachment'; account: string; principal: string; policy: string }
  | { type: 'access-key'; account: string; user: string; key: string }
  | { type: 'lease-role'; account: string; role: string }
  | AssignmentSlot;

/** Whether a user of Identity Center has a permission set in an account. Others may lend the same, or assign it by hand. */
export interface AssignmentSlot {
  type: 'account-assignment';
  account: string;
  /** ARNs of the instance and of the permission set. */
  instance: string;
  permissionSet: string;
  /** Id in the identity store. */
  user: string;
}

/**
 * One edit: the slot held `before` when the plan was made and holds `after` once applied; null means absent. Policies
 * are their JSON as IAM returned it, byte for byte; access keys are `Active` or `Inactive`; a role for a lease is
 * one text (core/leases/role.ts); a managed policy is `attached` to a principal or absent, a permission set `assigned`.
 * Where both texts are the same nothing is written: the plan holds only while the slot does.
 * In a plan `after` may hold the placeholders of moments.ts, which become times at approval; `Change.applied` holds none.
 */
export interface Edit {
  slot: Slot;
  before: string | null;
  after: string | null;
}

/** What is decided, digest for digest. `terms` is what the kind adds: a lease's end, a case, a proof. */
export interface Plan {
  kind: ChangeKind;
  account: string;
  /** ARN of the principal whose permissions change. */
  target: string;
  edits: readonly Edit[];
  terms: Terms;
}

export type Terms =
  | { kind: 'quarantine'; case: string; actor: ActorId; cutBefore: Instant | null; alsoHit: readonly string[] }
  | {
      kind: 'rightsizing';
      /** A trial denies them; everything else takes them away. */
      removed: readonly string[];
      kept: readonly string[];
      window: { from: Instant; to: Instant };
      /** Absent in changes of version 0.1, which had no trial. */
      stage?: Stage;
    }
  | {
      kind: 'lending';
      /** Empty, as the resources are, where a permission set is lent. */
      actions: readonly string[];
      resources: readonly string[];
      /** Absent: actions on resources are lent. */
      permissionSet?: LentSet;
      /** Seconds, counted from approval. */
      duration: number;
      reason: string;
      /** What of it the carrier may do anyway, as `action on resource`; absent in requests of version 0.1. */
      already?: readonly string[];
      /** The lease that this one goes on from, since when it has been lent, and what no approval takes it beyond. */
      extends?: { lease: string; since: Instant; until: Instant };
      /** What the rules may ask about: the carrier's tags that they name, and the units above its account. */
      about?: { tags: Readonly<Record<string, string>>; units?: readonly string[] };
      /** Asked for as an emergency: whoever asks may take what was decided beforehand. Absent: it was not. */
      emergency?: true;
    };

/** A permission set as it is lent: its assignment ends with the lease, its last session so many seconds later. */
interface LentSet {
  name: string;
  session: number;
  /** Classes of what its policies allow, when it was asked for; absent: not all of them were known. */
  classes?: readonly PrivilegeClass[];
}

/** Where on the ladder a right-sizing stands. */
export type Stage =
  | {
      step: 'trial';
      /** Denied whole; single actions besides are in `removed`. */
      services: readonly string[];
      /** What will go without having been tried, as `action (why)`. */
      untried: readonly string[];
      /** Whole days without a denial after which the rest is proposed. Its end by a denial is decided with it. */
      quietDays: number;
    }
  /** `trial`: the one that was quiet; null: nothing could be tried. */
  | { step: 'final'; trial: ChangeId | null; untried: readonly string[] };

/** How a trial ended. It was decided with the trial that it may. */
export interface TrialEnd {
  by: string;
  at: Instant;
  /** `denied`: it hit what is used; `asked`: somebody said so; `final`: what was tried is in force; `gone`: whom it was about is. */
  why: 'denied' | 'asked' | 'final' | 'gone';
  denials: readonly Denial[];
}

/** A call that a trial denied and nothing else would have. */
export interface Denial {
  action: string;
  time: Instant;
  eventID: string;
}

/** What was taken in an emergency is looked at by somebody else, in time. */
export interface Review {
  due: Instant;
  /** null: nobody looked yet. A denial ends the access. */
  said: { by: string; verdict: 'approve' | 'deny'; at: Instant; confirmedBy?: ActorId } | null;
  /** True: it was told that the time is over. */
  overdue: boolean;
}

/** One person's answer, by the one decision function. */
export interface Decision {
  by: string;
  verdict: 'approve' | 'deny';
  at: Instant;
  /** Digest of the plan that was shown. */
  digest: string;
  rule: string;
  /** Whose session of AWS signed the digest; absent where a click was enough. */
  confirmedBy?: ActorId;
}

/**
 * planned → approved → applying → verified → (undo-planned →) undo-approved → undoing → undone
 * planned → denied | lapsed;  approved | applying → refused (nothing was left applied; `refusal` says why)
 * undo-planned | undo-approved | undoing → verified (the undo was denied, lapsed, or refused because of drift)
 * A trial's end goes from verified to undo-approved by itself.
 */
export type ChangeState =
  | 'planned'
  | 'denied'
  | 'lapsed'
  | 'approved'
  | 'refused'
  | 'applying'
  | 'verified'
  | 'undo-planned'
  | 'undo-approved'
  | 'undoing'
  | 'undone';

export type ChangeRefusal =
  | 'applying-is-off'
  | 'kill-switch'
  | 'base-changed'
  | 'not-verified'
  | 'iam-refused'
  | 'lapsed'
  | 'digest-mismatch'
  | 'signature-invalid'
  | 'no-longer-approved'
  | 'target-excluded'
  | 'owned-by-source'
  | 'terms-refused'
  | 'not-yet-decidable'
  | 'drifted';

/** Somebody asked for a restriction to be lifted; decided like a grant, and never by the one who asked. */
interface UndoRequest {
  by: string;
  at: Instant;
  reason: string;
  /** Not decided by then, the change goes back to `verified`. */
  decideBy: Instant;
}

/** The aggregate behind quarantine, right-sizing and lending (ADR-0006). */
export interface Change {
  v: 1;
  id: ChangeId;
  version: number;
  state: ChangeState;
  plan: Plan;
  /** SHA-256 of the plan's canonical JSON. */
  digest: string;
  /** Person ids; null where the system proposed. */
  requester: string | null;
  beneficiary: string | null;
  /** Actors who may not decide: the target's own lineage. */
  lineage: readonly ActorId[];
  plannedAt: Instant;
  /** A plan not decided by then lapses. */
  decideBy: Instant;
  decisions: readonly Decision[];
  undo: UndoRequest | null;
  undoDecisions: readonly Decision[];
  /** By the deciding function (KMS in AWS), over `applyStatement` (digest.ts): id, digest and moment of approval. */
  signature: string | null;
  /** Over `undoStatement`. */
  undoSignature: string | null;
  /** Set when approved; for lending the moment the clock starts. */
  approvedAt: Instant | null;
  appliedAt: Instant | null;
  /** The edits as applied (a lease's end is known only at approval). */
  applied: readonly Edit[];
  refusal: { reason: ChangeRefusal; detail: string } | null;
  lease: string | null;
  /** Of what stands in the week's backlog until somebody opens it; absent: it was put before people at once. */
  backlog?: { opened: { by: string; at: Instant } | null };
  /** Of a trial; absent: it did not end, or is none. */
  ended?: TrialEnd;
  /** Of what was taken in an emergency; absent: it was decided by others, or not yet. */
  review?: Review;
  /** Keys of clicks that were refused (core/audit/refused-clicks.ts); absent: none. */
  refusedClicks?: readonly string[];
  audit: AuditHead;
}
