import type { Change } from '../../core/changes/change.ts';
import { isTerminal } from '../../core/changes/terminal.ts';
import type { ChangeStore } from '../../usecases/ports/state-stores.ts';
import { type AggregateShape, dynamoAggregates, readAggregate } from './aggregate-store.ts';
import type { Table } from './client.ts';
import { keyOf } from './keys.ts';
import { queryIndex } from './query.ts';
import { listIndex, ownerIndex } from './table.ts';

const ownerOf = (target: string) => keyOf(['change', 20], [target, 1900]);
const sortOf = ({ plannedAt, id }: Change) => `${plannedAt}|${id}`;

export const changeShape: AggregateShape<Change> = {
  type: 'change',
  version: 1,
  upgrade: {},
  idOf: ({ id }) => id,
  placeOf: (change) => ({
    list: isTerminal(change) ? 'change|closed' : 'change|open',
    owner: ownerOf(change.plan.target),
    sort: sortOf(change),
  }),
};

/** Changes in DynamoDB. */
export function dynamoChangeStore(table: Table): ChangeStore {
  const read = (rows: readonly Record<string, unknown>[]) => rows.map((row) => readAggregate(changeShape, row));
  const listed = (list: string, limit: number) => queryIndex(table, listIndex, list, { descending: true, limit });
  return {
    ...dynamoAggregates(table, changeShape),
    list: async (limit) => {
      const open = read(await listed('change|open', limit));
      const closed = read(await listed('change|closed', limit - open.length));
      return [...open, ...closed].sort((a, b) => (sortOf(a) < sortOf(b) ? 1 : -1));
    },
    ofTarget: async (target) => read(await queryIndex(table, ownerIndex, ownerOf(target), { descending: true })),
  };
}
