import type { Table } from '../../../adapters/dynamodb/client.ts';
import { dynamoLedgerStore } from '../../../adapters/dynamodb/ledger-store.ts';
import { dynamoState } from '../../../adapters/dynamodb/state.ts';
import { ledgerTable, stateTable } from '../../../adapters/dynamodb/table.ts';
import { offlineKey, rankBy } from '../../../core/usage/bounded.ts';
import { keyText } from '../../../core/usage/item.ts';
import { convergenceContract, expectStored } from '../../contracts/convergence.ts';
import { aCase, edge, happened, instant, item } from '../../contracts/examples.ts';
import { onMoto } from '../../emulators/moto.ts';
import { freshTable } from '../../emulators/tables.ts';
import { faults, Injected } from '../../faults.ts';

const rank = rankBy(offlineKey);

/** The table through a client whose `at`th request fails before or after its effect; no other does. */
const failing = (table: Table, at: number, when: 'before' | 'after') => {
  const injected = faults(new Map([[at, when]]));
  return { table: { ...table, client: injected.wrap(table.client) }, calls: injected.calls };
};

/** Tries again until no fault comes, as a queue would: a function that died is another function the next time. */
async function delivered(attempt: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    try {
      await attempt();
      return;
    } catch (fault) {
      if (!(fault instanceof Injected)) throw fault;
    }
  }
  throw new Error('failed five times');
}

onMoto('under concurrency and faults, DynamoDB', (emulator) => {
  convergenceContract(async () => {
    const table = await freshTable(emulator(), ledgerTable);
    return { writer: () => dynamoLedgerStore({ ...table, rank }) };
  }, 12);

  test('a function that dies at any request of a join loses nothing once its batch is delivered again', async () => {
    const items = [
      item(),
      item({ action: 's3:PutObject' }),
      item({ principal: 'AROA2' as ReturnType<typeof item>['principal'] }),
    ];
    const later = item({}, { time: instant('2026-03-02T00:00:00Z'), eventID: 'b' });
    let requests = 1;
    for (let at = 0; at < requests; at++) {
      for (const when of ['before', 'after'] as const) {
        const table = await freshTable(emulator(), ledgerTable);
        const broken = failing(table, at, when);
        await delivered(async () => {
          const store = dynamoLedgerStore({ ...broken.table, rank });
          await store.join(items);
          await store.join([later]);
          await store.joinLineage([edge()]);
        });
        requests = Math.max(requests, broken.calls());
        const store = dynamoLedgerStore({ ...table, rank });
        const [joined] = await store.join([item()]);
        const expected = [joined!.item, ...items.slice(1)];
        expect(joined!.item.entries.get('')?.days).toHaveLength(2);
        await expectStored(store, new Map(expected.map((one) => [keyText(one), one])));
        expect(await store.unscored(10)).toHaveLength(3);
        expect(await store.parentsOf(edge().child)).toEqual([edge()]);
      }
    }
    expect(requests).toBeGreaterThan(8);
  }, 120_000);

  test('a commit whose answer is lost happened whole: aggregate and event, or neither', async () => {
    for (const when of ['before', 'after'] as const) {
      const table = await freshTable(emulator(), stateTable);
      const event = happened('case', 'case-1');
      const broken = dynamoState(failing(table, 0, when).table);
      await expect(broken.cases.commit(undefined, aCase(), [event])).rejects.toThrow(Injected);
      const { cases, outbox } = dynamoState(table);
      const done = when === 'after';
      expect(await cases.find('case-1')).toEqual(done ? aCase() : undefined);
      expect(await outbox.pending(10)).toEqual(done ? [event] : []);
    }
  });

  test('a message that moves while its function dies is under one key, never none or both', async () => {
    for (const [at, when] of [0, 1, 2].flatMap((n) => [[n, 'before'] as const, [n, 'after'] as const])) {
      const table = await freshTable(emulator(), stateTable);
      const { messages } = dynamoState(table);
      await messages.claim('case/1', 'C1', '2026-03-01T12:00:00Z');
      const broken = failing(table, at, when);
      await delivered(() => dynamoState(broken.table).messages.rename('case/1', 'case/2'));
      expect([await messages.find('case/1'), (await messages.find('case/2'))?.channel]).toEqual([undefined, 'C1']);
    }
  });
});
