import type { Case } from '../../core/anomaly/case.ts';
import type { CaseStore } from '../../usecases/ports/state-stores.ts';
import { type AggregateShape, dynamoAggregates, readAggregate } from './aggregate-store.ts';
import type { Table } from './client.ts';
import { keyOf } from './keys.ts';
import { queryIndex } from './query.ts';
import { listIndex, ownerIndex } from './table.ts';

const ownerOf = (actor: string) => keyOf(['case', 20], [actor, 1900]);

export const caseShape: AggregateShape<Case> = {
  type: 'case',
  version: 1,
  upgrade: {},
  idOf: ({ id }) => id,
  placeOf: ({ id, actor, openedAt }) => ({ list: 'case', owner: ownerOf(actor), sort: `${openedAt}|${id}` }),
};

/** Cases in DynamoDB. */
export function dynamoCaseStore(table: Table): CaseStore {
  const read = (rows: readonly Record<string, unknown>[]) => rows.map((row) => readAggregate(caseShape, row));
  return {
    ...dynamoAggregates(table, caseShape),
    ofActor: async (actor) => read(await queryIndex(table, ownerIndex, ownerOf(actor), { descending: true })),
    list: async (limit) => read(await queryIndex(table, listIndex, 'case', { descending: true, limit })),
  };
}
