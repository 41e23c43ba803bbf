import { dynamoLedgerStore } from '../../adapters/dynamodb/ledger-store.ts';
import { dynamoState } from '../../adapters/dynamodb/state.ts';
import { ledgerTable, stateTable } from '../../adapters/dynamodb/table.ts';
import { meteredTable, sizeOf } from '../../bench/metered-table.ts';
import { offlineKey, rankBy } from '../../core/usage/bounded.ts';
import { convergenceContract } from '../contracts/convergence.ts';
import { instant, item } from '../contracts/examples.ts';
import { inboxContract, nonceStoreContract } from '../contracts/inbox.ts';
import { ledgerStoreContract } from '../contracts/ledger-store.ts';
import { messageStoreContract } from '../contracts/message-store.ts';
import { stateStoresContract } from '../contracts/state-stores.ts';

const rank = rankBy(offlineKey);
const metered = () => meteredTable(ledgerTable, ({ pk }) => (String(pk).startsWith('#') ? 'directory' : 'items'));
const ledger = () => dynamoLedgerStore({ ...metered().table, rank });
const state = () => dynamoState(meteredTable(stateTable, () => 'rows').table);

describe('the stores for DynamoDB, over the table that counts', () => {
  describe('ledger', () => ledgerStoreContract(async () => ledger()));
  convergenceContract(async () => {
    const { table } = metered();
    return { writer: () => dynamoLedgerStore({ ...table, rank }) };
  }, 100);
  stateStoresContract(async () => state());
  describe('inbox', () => inboxContract(async () => state().inbox));
  describe('nonces', () => nonceStoreContract(async () => state().nonces));
  describe('messages', () => messageStoreContract(async () => state().messages));
});

describe('write units', () => {
  const units = async (write: (store: ReturnType<typeof ledger>) => Promise<unknown>) => {
    const { table, units: counted } = metered();
    await write(dynamoLedgerStore({ ...table, rank }));
    return Object.fromEntries(counted());
  };

  test('a new action costs its row, its mark in the index, and once a pair its row in the directory', async () => {
    expect(await units((store) => store.join([item()]))).toEqual({ items: 1, 'items, index': 1, directory: 1 });
  });

  test('a repeat of the same day costs nothing, another day costs the row alone', async () => {
    const again = item({}, { time: instant('2026-03-01T13:00:00Z'), eventID: 'b' });
    const nextDay = item({}, { time: instant('2026-03-02T13:00:00Z'), eventID: 'c' });
    const first = { items: 1, 'items, index': 1, directory: 1 };
    expect(await units(async (store) => [await store.join([item()]), await store.join([again])])).toEqual(first);
    expect(await units(async (store) => [await store.join([item()]), await store.join([nextDay])])).toEqual({
      ...first,
      items: 2,
    });
  });

  test('unmarking costs the row and its entry in the index', async () => {
    const counted = await units(async (store) => {
      await store.join([item()]);
      await store.unmark((await store.unscored(1))[0]!);
    });
    expect(counted).toEqual({ items: 2, 'items, index': 2, directory: 1 });
  });

  test('a refused condition is billed', async () => {
    const { table, units: counted } = metered();
    await dynamoLedgerStore({ ...table, rank }).join([item()]);
    const late = dynamoLedgerStore({ ...table, rank });
    await late.unmark({ key: item(), revision: 99 });
    expect(counted().get('items')).toBe(2);
  });

  test('sizes follow the published rule', () => {
    expect(sizeOf({ pk: 'ä', n: 1234, big: 1200, b: new Uint8Array(10), t: true, z: null, h: new Set([3]) })).toBe(
      2 + 2 + (1 + 3) + (3 + 2) + (1 + 10) + (1 + 1) + (1 + 1) + (1 + 2),
    );
  });
});
