import type { HeldAssignment } from '../../core/leases/assignment.ts';
import type { AssignmentStore } from '../../usecases/ports/state-stores.ts';
import { type AggregateShape, dynamoAggregates } from './aggregate-store.ts';
import type { Table } from './client.ts';

const shape: AggregateShape<HeldAssignment> = {
  type: 'assignment',
  version: 1,
  upgrade: {},
  idOf: ({ id }) => id,
  placeOf: () => ({}),
};

/** Assignments that leases hold, in DynamoDB; read by key alone. */
export const dynamoAssignmentStore = (table: Table): AssignmentStore => dynamoAggregates(table, shape);
