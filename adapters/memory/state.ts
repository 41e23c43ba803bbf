import type { DomainEvent } from '../../core/audit/event.ts';
import { memoryAssignmentStore } from './assignment-store.ts';
import { memoryCaseStore } from './case-store.ts';
import { memoryChangeStore } from './change-store.ts';
import { memoryEnrolmentStore } from './enrolment-store.ts';
import type { Feed } from './feed.ts';
import { memoryInbox, memoryNonceStore } from './inbox.ts';
import { memoryLeaseStore } from './lease-store.ts';
import { memoryMessageStore } from './message-store.ts';
import { memoryOutbox } from './outbox.ts';
import { memoryRulebookStore } from './rulebook-store.ts';
import { memorySettingsStore } from './settings-store.ts';
import { memoryVerdictStore } from './verdict-store.ts';

/** Everything of the state table, over one outbox. */
export function memoryState() {
  const outbox = memoryOutbox();
  const committed: Feed<DomainEvent> = outbox.committed;
  return {
    cases: memoryCaseStore(outbox),
    verdicts: memoryVerdictStore(),
    changes: memoryChangeStore(outbox),
    leases: memoryLeaseStore(outbox),
    assignments: memoryAssignmentStore(outbox),
    settings: memorySettingsStore(outbox),
    enrolments: memoryEnrolmentStore(outbox),
    rulebook: memoryRulebookStore(outbox),
    outbox,
    messages: memoryMessageStore(),
    inbox: memoryInbox(),
    nonces: memoryNonceStore(),
    /** What the table's stream delivers: events just committed. */
    committed,
  };
}
