import type { Case, Verdict } from '../../core/anomaly/case.ts';
import type { DomainEvent } from '../../core/audit/event.ts';
import type { Change } from '../../core/changes/change.ts';
import type { Settings } from '../../core/changes/settings.ts';
import type { Registry } from '../../core/enrolment/registry.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import type { HeldAssignment } from '../../core/leases/assignment.ts';
import type { Lease } from '../../core/leases/lease.ts';
import type { Rulebook } from '../../core/rulebook/rulebook.ts';
import type { Instant } from '../../core/time.ts';
import type { AggregateStore } from './aggregate-store.ts';

export interface CaseStore extends AggregateStore<Case> {
  /** Newest first. */
  ofActor(actor: ActorId): Promise<readonly Case[]>;
  list(limit: number): Promise<readonly Case[]>;
}

/** Verdicts are rows of their own: (actor, facet, case); the latest counts. Putting one twice changes nothing. */
export interface VerdictStore {
  put(verdicts: readonly Verdict[]): Promise<void>;
  ofActor(actor: ActorId): Promise<readonly Verdict[]>;
}

export interface ChangeStore extends AggregateStore<Change> {
  /** Changes not in a terminal state, and the newest terminal ones, newest first. */
  list(limit: number): Promise<readonly Change[]>;
  ofTarget(target: string): Promise<readonly Change[]>;
}

export interface LeaseStore extends AggregateStore<Lease> {
  /**
   * Leases whose policy may still be there and whose moment (`dueAt`: the end, or earlier where something may have
   * stopped it on its way) is not after `until`, earliest first.
   */
  due(until: Instant, limit: number): Promise<readonly Lease[]>;
  /** Leases whose policy is gone and that are not closed, those first that were taken back first. */
  settling(limit: number): Promise<readonly Lease[]>;
  list(limit: number): Promise<readonly Lease[]>;
}

/** By `assignmentId`; absent means: no lease ever held it. */
export type AssignmentStore = AggregateStore<HeldAssignment>;

/** One row; absent means: nothing is applied anywhere. */
export type SettingsStore = AggregateStore<Settings>;

/** One row; absent means: what is deployed is in force. */
export type RulebookStore = AggregateStore<Rulebook>;

/** One row; absent means: nobody is enrolled. */
export type EnrolmentStore = AggregateStore<Registry>;

/** What was committed and not yet published. The stream delivers the same; this is for the sweeper and the audit. */
export interface Outbox {
  pending(limit: number): Promise<readonly DomainEvent[]>;
  /** Idempotent. */
  published(event: DomainEvent): Promise<void>;
}
