import type { Instant } from '../time.ts';

/** Head of an aggregate's chain: the sequence and hash of its last event; sequence 0 and 64 zeros before the first. */
export interface AuditHead {
  sequence: number;
  hash: string;
}

export const genesis: AuditHead = { sequence: 0, hash: '0'.repeat(64) };

export type AggregateType = 'case' | 'change' | 'lease' | 'settings' | 'enrolments' | 'rules' | 'assignment';

/**
 * One thing that happened, refusals too. It is the outbox row, the domain event on the bus and the audit record alike.
 * `hash` is SHA-256 over the canonical JSON of everything else, `previous` included.
 */
export interface DomainEvent {
  v: 1;
  aggregate: { type: AggregateType; id: string };
  sequence: number;
  /** `case.opened`, `change.approved`, `lease.revoked`, … */
  type: string;
  at: Instant;
  /** A person's id, a function's name, or `schedule`. */
  by: string;
  /** Only JSON values, no secrets. */
  data: Readonly<Record<string, unknown>>;
  previous: string;
  hash: string;
}
