import { type Settings, settingsId } from '../../core/changes/settings.ts';
import type { SettingsStore } from '../../usecases/ports/state-stores.ts';
import { type AggregateShape, dynamoAggregates } from './aggregate-store.ts';
import type { Table } from './client.ts';

export const settingsShape: AggregateShape<Settings> = {
  type: 'settings',
  version: 1,
  upgrade: {},
  idOf: () => settingsId,
  placeOf: () => ({}),
};

/** The one row of settings in DynamoDB. */
export function dynamoSettingsStore(table: Table): SettingsStore {
  const { find, commit } = dynamoAggregates(table, settingsShape);
  return { commit, find: () => find(settingsId) };
}
