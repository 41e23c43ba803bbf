import { memoryLedgerStore } from '../../../adapters/memory/ledger-store.ts';
import { offlineKey, rankBy } from '../../../core/usage/bounded.ts';
import { convergenceContract } from '../../contracts/convergence.ts';
import { instant, item } from '../../contracts/examples.ts';
import { ledgerStoreContract } from '../../contracts/ledger-store.ts';

const open = () => memoryLedgerStore({ rank: rankBy(offlineKey) });

ledgerStoreContract(async () => open());

test('the feed tells each write that marks an item, and no other', async () => {
  const store = open();
  const told: number[] = [];
  const stop = store.marked.subscribe(({ revision }) => told.push(revision));
  await store.join([item()]);
  await store.join([item()]);
  await store.join([item({}, { time: instant('2026-03-02T00:00:00Z'), eventID: 'z' })]);
  await store.join([item({}, { time: instant('2026-02-28T00:00:00Z'), eventID: 'z' })]);
  expect(told).toEqual([1, 3]);
  stop();
  await store.join([item({ action: 's3:PutObject' })]);
  expect(told).toEqual([1, 3]);
});

convergenceContract(async () => {
  const store = open();
  return { writer: () => store };
}, 200);
