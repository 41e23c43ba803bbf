import { type Rulebook, rulebookId } from '../../core/rulebook/rulebook.ts';
import type { RulebookStore } from '../../usecases/ports/state-stores.ts';
import { memoryAggregates } from './aggregate-store.ts';
import type { MemoryOutbox } from './outbox.ts';

/** The one rulebook in memory. */
export function memoryRulebookStore(outbox: MemoryOutbox): RulebookStore {
  const { store } = memoryAggregates<Rulebook>('rules', () => rulebookId, outbox);
  return { commit: store.commit, find: () => store.find(rulebookId) };
}
