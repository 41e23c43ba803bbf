import { type Registry, registryId } from '../../core/enrolment/registry.ts';
import type { EnrolmentStore } from '../../usecases/ports/state-stores.ts';
import { type AggregateShape, dynamoAggregates } from './aggregate-store.ts';
import type { Table } from './client.ts';

const shape: AggregateShape<Registry> = {
  type: 'enrolments',
  version: 1,
  upgrade: {},
  idOf: () => registryId,
  placeOf: () => ({}),
};

/** The one row of enrolments in DynamoDB. */
export function dynamoEnrolmentStore(table: Table): EnrolmentStore {
  const { find, commit } = dynamoAggregates(table, shape);
  return { commit, find: () => find(registryId) };
}
