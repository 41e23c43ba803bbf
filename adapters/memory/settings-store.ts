import { type Settings, settingsId } from '../../core/changes/settings.ts';
import type { SettingsStore } from '../../usecases/ports/state-stores.ts';
import { memoryAggregates } from './aggregate-store.ts';
import type { MemoryOutbox } from './outbox.ts';

/** The one row of settings in memory. */
export function memorySettingsStore(outbox: MemoryOutbox): SettingsStore {
  const { store } = memoryAggregates<Settings>('settings', () => settingsId, outbox);
  return { commit: store.commit, find: () => store.find(settingsId) };
}
