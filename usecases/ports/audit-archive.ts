import type { DomainEvent } from '../../core/audit/event.ts';

/** Objects `TYPE/ID/SEQUENCE`, written once (Object Lock in AWS). */
export interface AuditArchive {
  /** Writing the same event again changes nothing; writing another under the same place is a fault. */
  put(event: DomainEvent): Promise<void>;
  chain(type: string, id: string): Promise<readonly DomainEvent[]>;
  aggregates(): Promise<readonly { type: string; id: string }[]>;
}
