import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Body, pack, unpack } from '../../../adapters/dynamodb/codec.ts';
import { dynamoLedgerStore } from '../../../adapters/dynamodb/ledger-store.ts';
import { dynamoState } from '../../../adapters/dynamodb/state.ts';
import { ledgerTable, stateTable } from '../../../adapters/dynamodb/table.ts';
import type { ChangeId } from '../../../core/changes/change.ts';
import { digestToDecide } from '../../../core/changes/digest.ts';
import type { AccountId } from '../../../core/identity/principal.ts';
import { decodeSnapshot, encodeSnapshot } from '../../../core/identity/snapshot.ts';
import { plusSeconds } from '../../../core/time.ts';
import { offlineKey, rankBy } from '../../../core/usage/bounded.ts';
import { decideChange } from '../../../usecases/decide-change.ts';
import { requestAccess } from '../../../usecases/request-access.ts';
import { sweepLeases } from '../../../usecases/sweep-leases.ts';
import { takeInventory } from '../../../usecases/take-inventory.ts';
import { verifyLeases } from '../../../usecases/verify-leases.ts';
import {
  aCase,
  account,
  actor,
  day,
  edge,
  entry,
  firstUse,
  inventory,
  item,
  principal,
  verdict,
} from '../../contracts/examples.ts';
import { type Emulator, onMoto } from '../../emulators/moto.ts';
import { dump, restore, type StoredRow } from '../../emulators/rows.ts';
import { freshTable } from '../../emulators/tables.ts';
import { changeWorld, loan, settle } from '../../usecases/change-world.ts';

/**
 * What release 1 leaves behind in a deployment: rows of both tables with a lease alive in them, and an inventory
 * snapshot. Written once, by `LEASTWISE_WRITE_RELEASE=1` before the release, and never again: every later release reads
 * what lies here.
 */
const folder = new URL('../../releases/1/', import.meta.url);
const file = (name: string) => new URL(name, folder);
const rowsOf = (name: string) => JSON.parse(readFileSync(file(name), 'utf8')) as StoredRow[];

const items = [
  item(),
  item({ kind: 'region', action: null, entries: new Map([['eu-central-1', entry()]]) }),
  item({ kind: 'signal', value: 'denial@2026-03-01T12', entries: new Map([['denial@2026-03-01T12', entry()]]) }),
  item({
    kind: 'resource',
    overflow: true,
    entries: new Map(
      Array.from({ length: 30 }, (_, n) => [`arn:aws:s3:::bucket-${n}/*`, entry({ eventID: `e-${n}` })] as const),
    ),
  }),
];
const coverage = [
  { v: 1 as const, account: account as AccountId, day: day('2026-03-01'), hours: 0xffffff },
  { v: 1 as const, account: account as AccountId, day: day('2026-03-01'), hours: 0x00ff00, region: 'us-east-1' },
];
const answered = verdict({ case: aCase().id });
const snapshot = inventory();

const storesOf = async (emulator: Emulator) => {
  const [ledger, state] = [await freshTable(emulator, ledgerTable), await freshTable(emulator, stateTable)];
  return { ledger, state };
};
const ledgerOf = (table: Awaited<ReturnType<typeof storesOf>>['ledger']) =>
  dynamoLedgerStore({ ...table, rank: rankBy(offlineKey), remember: 0 });

/** Everything through the stores and use cases of this release. */
async function writeRelease(emulator: Emulator): Promise<void> {
  const tables = await storesOf(emulator);
  const ledger = ledgerOf(tables.ledger);
  await ledger.join(items);
  await ledger.joinCoverage(coverage);
  await ledger.joinLineage([edge()]);
  const state = dynamoState(tables.state);
  await state.cases.commit(undefined, aCase(), []);
  await state.verdicts.put([answered]);
  const world = await changeWorld({ state });
  const { id } = await requestAccess(world.deps)(loan);
  const digest = digestToDecide((await state.changes.find(id as ChangeId))!);
  await decideChange(world.deps)({ change: id, by: 'ben', verdict: 'approve', digest });
  await settle(world);
  writeFileSync(file('ledger.json'), `${JSON.stringify(await dump(tables.ledger))}\n`);
  writeFileSync(file('state.json'), `${JSON.stringify(await dump(tables.state))}\n`);
  writeFileSync(file('snapshot.json'), encodeSnapshot(snapshot));
}

onMoto('what release 1 left behind', (emulator) => {
  if (process.env.LEASTWISE_WRITE_RELEASE === '1')
    test('is written', async () => {
      await writeRelease(emulator());
      expect(existsSync(file('ledger.json'))).toBe(true);
    });

  const restored = async () => {
    const tables = await storesOf(emulator());
    await restore(tables.ledger, rowsOf('ledger.json'));
    await restore(tables.state, rowsOf('state.json'));
    return { ledger: ledgerOf(tables.ledger), state: dynamoState(tables.state), table: tables.state };
  };

  test('its ledger is read whole, its marks are still there, and new use joins it', async () => {
    const { ledger } = await restored();
    const read = await ledger.itemsOfPrincipal(principal);
    expect(read).toHaveLength(items.length);
    expect(read).toEqual(
      expect.arrayContaining(items.map((each) => expect.objectContaining({ kind: each.kind, entries: each.entries }))),
    );
    expect(await ledger.itemsOfActor(actor)).toHaveLength(items.length);
    expect((await ledger.unscored(10)).length).toBeGreaterThan(0);
    expect(await ledger.coverage(account as AccountId, day('2026-03-01'), day('2026-03-01'))).toEqual(coverage);
    expect(await ledger.parentsOf(edge().child)).toEqual([edge()]);
    const later = item({}, { time: plusSeconds(firstUse().time, 86_400) });
    const [joined] = await ledger.join([later]);
    expect([...joined!.item.entries.values()][0]!.days).toHaveLength(2);
  });

  test('its cases, verdicts, settings, changes and messages of the outbox are read', async () => {
    const { state } = await restored();
    expect(await state.cases.find(aCase().id)).toEqual(aCase());
    expect(await state.cases.ofActor(actor)).toEqual([aCase()]);
    expect(await state.verdicts.ofActor(actor)).toEqual([answered]);
    expect(await state.settings.find('settings')).toMatchObject({ applying: [account], killed: false });
    expect((await state.changes.list(10)).map((change) => change.state)).toEqual(['verified']);
  });

  test('the lease that was alive in it ends on time: its policy goes, its change is undone, and it is closed', async () => {
    const { state } = await restored();
    const [lease] = await state.leases.list(10);
    expect(lease).toMatchObject({ state: 'active', beneficiary: 'ada' });
    const world = await changeWorld({ state, applying: false });
    await world.iam.write(lease!.edit.slot, lease!.edit.after, { change: lease!.change });
    world.clock.now = plusSeconds(lease!.endsAt, -1);
    expect(await sweepLeases(world.deps)()).toMatchObject({ revoked: [] });
    expect(await world.iam.read(lease!.edit.slot)).not.toBeNull();
    world.clock.now = lease!.endsAt;
    expect(await sweepLeases(world.deps)()).toMatchObject({ revoked: [lease!.id], failed: [], lag: 0 });
    expect(await world.iam.read(lease!.edit.slot)).toBeNull();
    expect(await state.changes.find(lease!.change as ChangeId)).toMatchObject({ state: 'undone' });
    world.clock.now = plusSeconds(lease!.endsAt, 3600);
    expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [], closed: [], failed: [] });
    await takeInventory({ ...world.deps, scan: world.iam.scan })([account]);
    expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [lease!.id], closed: [lease!.id] });
    expect(await state.leases.find(lease!.id)).toMatchObject({ v: 2, state: 'closed', generation: 2 });
  });

  test('a lease that it took back early and had not closed yet is closed, though it says in no index that it settles', async () => {
    const { state, table } = await restored();
    const [lease] = await state.leases.list(10);
    const Key = { pk: `lease|${lease!.id}`, sk: 'row' };
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
    const { d: _, dt: __, ...row } = Item!;
    const ended = { state: 'revoked', revokedAt: plusSeconds(lease!.startsAt, 60), revokeReason: 'early' };
    const body = pack(1, { ...(unpack(row as unknown as Body, 1, {}) as object), ...ended });
    await table.client.send(new PutCommand({ TableName: table.name, Item: { ...row, ...body } }));
    expect(await state.leases.settling(10)).toEqual([]);
    const world = await changeWorld({ state, applying: false });
    world.clock.now = plusSeconds(lease!.endsAt, 3600);
    await takeInventory({ ...world.deps, scan: world.iam.scan })([account]);
    expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [lease!.id], closed: [lease!.id], failed: [] });
    expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [], closed: [] });
  });
});

test('its inventory snapshot is read', () => {
  expect(decodeSnapshot(readFileSync(file('snapshot.json'), 'utf8'))).toEqual(snapshot);
});
