import { dynamoAssignmentStore } from './assignment-store.ts';
import { dynamoCaseStore } from './case-store.ts';
import { dynamoChangeStore } from './change-store.ts';
import type { Table } from './client.ts';
import { dynamoEnrolmentStore } from './enrolment-store.ts';
import { dynamoInbox, dynamoNonceStore } from './inbox.ts';
import { dynamoLeaseStore } from './lease-store.ts';
import { dynamoMessageStore } from './message-store.ts';
import { dynamoOutbox } from './outbox.ts';
import { dynamoRulebookStore } from './rulebook-store.ts';
import { dynamoSettingsStore } from './settings-store.ts';
import { dynamoVerdictStore } from './verdict-store.ts';

/** Everything of the state table; the same names as `memoryState` gives. */
export const dynamoState = (table: Table) => ({
  cases: dynamoCaseStore(table),
  verdicts: dynamoVerdictStore(table),
  changes: dynamoChangeStore(table),
  leases: dynamoLeaseStore(table),
  assignments: dynamoAssignmentStore(table),
  settings: dynamoSettingsStore(table),
  enrolments: dynamoEnrolmentStore(table),
  rulebook: dynamoRulebookStore(table),
  outbox: dynamoOutbox(table),
  messages: dynamoMessageStore(table),
  inbox: dynamoInbox(table),
  nonces: dynamoNonceStore(table),
});
