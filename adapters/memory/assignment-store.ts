import type { HeldAssignment } from '../../core/leases/assignment.ts';
import type { AssignmentStore } from '../../usecases/ports/state-stores.ts';
import { memoryAggregates } from './aggregate-store.ts';
import type { MemoryOutbox } from './outbox.ts';

/** Assignments that leases hold, in memory. */
export const memoryAssignmentStore = (outbox: MemoryOutbox): AssignmentStore =>
  memoryAggregates<HeldAssignment>('assignment', ({ id }) => id, outbox).store;
