import { type Registry, registryId } from '../../core/enrolment/registry.ts';
import type { EnrolmentStore } from '../../usecases/ports/state-stores.ts';
import { memoryAggregates } from './aggregate-store.ts';
import type { MemoryOutbox } from './outbox.ts';

/** The one row of enrolments in memory. */
export function memoryEnrolmentStore(outbox: MemoryOutbox): EnrolmentStore {
  const { store } = memoryAggregates<Registry>('enrolments', () => registryId, outbox);
  return { commit: store.commit, find: () => store.find(registryId) };
}
