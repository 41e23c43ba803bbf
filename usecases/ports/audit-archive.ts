import type { DomainEvent } from '../../core/audit/event.ts';

/** Objects `TYPE/ID/SEQUENCE`, written once (Object Lock in AWS). */
export interface AuditArchive {
  /** Writing the same event again changes nothing; writing another under the same place is a fault. */
  put(event: DomainEvent): Promise<void>;
  chain(type: string, id: string): Promise<readonly DomainEvent[]>;
  /** The highest sequence of each aggregate, by what is listed. */
  tails(): Promise<readonly { type: string; id: string; sequence: number }[]>;
  /** One event as it is kept, canonical JSON; undefined where there is none. */
  read(type: string, id: string, sequence: number): Promise<string | undefined>;
  aggregates(): Promise<readonly { type: string; id: string }[]>;
}
