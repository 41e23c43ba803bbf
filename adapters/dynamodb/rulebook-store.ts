import { type Rulebook, rulebookId } from '../../core/rulebook/rulebook.ts';
import type { RulebookStore } from '../../usecases/ports/state-stores.ts';
import { type AggregateShape, dynamoAggregates } from './aggregate-store.ts';
import type { Table } from './client.ts';

const shape: AggregateShape<Rulebook> = {
  type: 'rules',
  version: 1,
  upgrade: {},
  idOf: () => rulebookId,
  placeOf: () => ({}),
};

/** The one rulebook in DynamoDB. It holds two rule sets at most, deflated. */
export function dynamoRulebookStore(table: Table): RulebookStore {
  const { find, commit } = dynamoAggregates(table, shape);
  return { commit, find: () => find(rulebookId) };
}
