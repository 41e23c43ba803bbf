import { verifyChain } from '../../core/audit/chain.ts';
import { matterOf } from '../../core/changes/decided.ts';
import { applyRefusal } from '../../core/changes/may-apply.ts';
import { assigned, assignmentId, gone, held, released, settled } from '../../core/leases/assignment.ts';
import { plusSeconds } from '../../core/time.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import { endLease } from '../../usecases/end-lease.ts';
import type { IamSlots } from '../../usecases/ports/iam.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { revokeLease } from '../../usecases/revoke-lease.ts';
import { sweepLeases } from '../../usecases/sweep-leases.ts';
import { verifyLeases } from '../../usecases/verify-leases.ts';
import { account, later, settle } from './change-world.ts';
import { center, configuration, lent, repair, type SetWorld, setWorld, wish } from './set-world.ts';

const stateOf = async ({ state }: SetWorld, lease: string) => (await state.leases.find(lease))?.state;
const rowOf = ({ state }: SetWorld) => state.assignments.find(assignmentId(repair));
const isAssigned = async ({ iam }: SetWorld) => (await iam.read(repair)) === assigned;
const byHand = ({ iam }: SetWorld, value: string | null = assigned) => iam.write(repair, value, { change: 'by hand' });
const ended = async (world: SetWorld, lease: string) => {
  await endLease(world.deps)({ lease, by: 'ada' });
  await settle(world);
};

describe('a permission set is asked for', () => {
  test('by its name in an account; what is approved names the set, the user and for how long', async () => {
    const world = await setWorld();
    const change = await requestAccess(world.deps)(wish);
    expect(change).toMatchObject({
      state: 'planned',
      plan: {
        account,
        target: `set:${account}/Repair`,
        edits: [{ slot: repair, before: null, after: assigned }],
        terms: {
          duration: 3600,
          actions: [],
          permissionSet: { name: 'Repair', session: 3600, classes: ['metadata-read'] },
        },
      },
    });
    expect(matterOf(change)).toMatchObject({ risk: 'low', facts: { permissionSets: ['Repair'] } });
  });

  test('whose policies are not all known is a high risk, and its classes are not known to any rule', async () => {
    const world = await setWorld();
    const unknown = { ...center.permissionSets[0]!, managed: ['arn:aws:iam::aws:policy/NotRead'] };
    world.told.center = { ...center, permissionSets: [unknown] };
    const matter = matterOf(await requestAccess(world.deps)(wish));
    expect(matter).toMatchObject({ risk: 'high', facts: { permissionSets: ['Repair'] } });
    expect(matter.facts?.classes).toBeUndefined();
  });

  test.each([
    ['where none is lent', {}, { configuration: { ...configuration, deployment: {} } }],
    ['that is not reserved for lending', { target: `set:${account}/Everyday` }, {}],
    ['whose sessions last longer than an hour', { target: `set:${account}/LongDay` }, {}],
    ['that they have by a group', { target: `set:${account}/Grouped` }, {}],
    ['that does not exist', { target: `set:${account}/Nothing` }, {}],
    ['in an account that is not ours', { target: 'set:999999999999/Repair' }, {}],
    ['for somebody whom the store does not know', { by: 'ben', beneficiary: 'ben' }, {}],
    ['for longer than may be', { duration: 9 * 3600 }, {}],
    ['without a reason', { reason: ' ' }, {}],
    ['before Identity Center was read', {}, { organizations: { read: async () => undefined } }],
    [
      'in the management account',
      { target: 'set:444455556666/Repair' },
      { configuration: { ...configuration, accounts: [{ id: '444455556666', name: 'management' }] } },
    ],
  ])('and is refused %s', async (_where, part, deps) => {
    const world = await setWorld();
    const change = await requestAccess({ ...world.deps, ...deps })({ ...wish, ...part });
    expect(change).toMatchObject({ state: 'refused', plan: { edits: [] } });
  });
});

describe('an assignment that is lent', () => {
  test('is made once it was approved, is active once it was read back, and is gone at the end', async () => {
    const world = await setWorld();
    const lease = await lent(world);
    expect(await stateOf(world, lease)).toBe('active');
    expect(await isAssigned(world)).toBe(true);
    expect(await rowOf(world)).toMatchObject({ holders: [lease], removing: null });
    later(world, 3600);
    expect(await sweepLeases(world.deps)()).toMatchObject({ revoked: [lease], lag: 0 });
    expect(await isAssigned(world)).toBe(false);
    expect(await stateOf(world, lease)).toBe('revoked');
  });

  test('stays for another lease on it, whichever ends first, and goes with the last', async () => {
    for (const first of [0, 1]) {
      const world = await setWorld();
      const leases = [await lent(world), await lent(world, { key: 'too', duration: 7200 })];
      await ended(world, leases[first]!);
      expect(await isAssigned(world)).toBe(true);
      expect(await stateOf(world, leases[first]!)).toBe('revoked');
      expect(await stateOf(world, leases[1 - first]!)).toBe('active');
      await ended(world, leases[1 - first]!);
      expect(await isAssigned(world)).toBe(false);
    }
  });

  test('goes on under an extension when the first lease ends', async () => {
    const world = await setWorld();
    const lease = await lent(world);
    later(world, 3000);
    const next = await lent(world, { key: 'on', extends: lease });
    later(world, 600);
    await sweepLeases(world.deps)();
    expect([await stateOf(world, lease), await stateOf(world, next)]).toEqual(['revoked', 'active']);
    expect(await isAssigned(world)).toBe(true);
  });

  test('that stood before is not lent, and is never taken away', async () => {
    const world = await setWorld();
    await byHand(world);
    const lease = await lent(world);
    expect(await world.state.changes.find(`chg-${lease}`)).toMatchObject({
      state: 'refused',
      refusal: { reason: 'base-changed' },
    });
    later(world, 3600);
    await sweepLeases(world.deps)();
    expect(await isAssigned(world)).toBe(true);
    expect(await rowOf(world)).toBeUndefined();
  });

  test('that somebody makes after it was taken away stays; what a late writer of ours makes goes', async () => {
    const world = await setWorld();
    const lease = await lent(world);
    await ended(world, lease);
    await byHand(world);
    await sweepLeases(world.deps)();
    expect(await isAssigned(world)).toBe(false);
    later(world, 180);
    await sweepLeases(world.deps)();
    await byHand(world);
    await sweepLeases(world.deps)();
    expect(await isAssigned(world)).toBe(true);
  });

  test('is not lent again while whoever took it away may still be about to', async () => {
    const world = await setWorld();
    await ended(world, await lent(world));
    const early = await lent(world, { key: 'at once' });
    expect(await world.state.changes.find(`chg-${early}`)).toMatchObject({ refusal: { reason: 'base-changed' } });
    later(world, 180);
    expect(await stateOf(world, await lent(world, { key: 'a little later' }))).toBe('active');
  });

  test('is given up where AWS does not make it, and what may have been made goes', async () => {
    const world = await setWorld();
    const iam: IamSlots = {
      ...world.deps.iam,
      write: async (slot, value, context) => {
        await world.deps.iam.write(slot, value, context);
        if (value !== null) throw new Error('FAILED: the account is suspended');
      },
    };
    const lease = await lent({ ...world, deps: { ...world.deps, iam } });
    expect(await world.state.changes.find(`chg-${lease}`)).toMatchObject({ state: 'refused' });
    expect(await isAssigned(world)).toBe(false);
  });

  test('is taken away by the next sweep where it could not be, and until then no lease holds it', async () => {
    const world = await setWorld();
    const lease = await lent(world);
    const busy = { ...world.deps.iam, write: async () => Promise.reject(new Error('ConflictException')) };
    const failing = { ...world.deps, iam: busy };
    await expect(revokeLease(failing)({ lease, reason: 'early', by: 'ada' })).rejects.toThrow('ConflictException');
    expect(await rowOf(world)).toMatchObject({ holders: [], removing: lease });
    const other = await lent(world, { key: 'meanwhile' });
    expect(await world.state.changes.find(`chg-${other}`)).toMatchObject({ refusal: { reason: 'base-changed' } });
    later(world, 60);
    expect((await sweepLeases(world.deps)()).revoked).toContain(lease);
    expect(await isAssigned(world)).toBe(false);
    expect(await rowOf(world)).toMatchObject({ holders: [], removing: null, goneAt: world.clock.now });
  });

  test('is told in a chain of its own, one event a step', async () => {
    const world = await setWorld();
    const leases = [await lent(world), await lent(world, { key: 'too' })];
    for (const lease of leases) await ended(world, lease);
    const row = (await rowOf(world))!;
    await settle(world);
    const events = await world.archive.chain('assignment', row.id);
    expect(verifyChain(events, row.audit)).toEqual([]);
    expect(events.map(({ type }) => type.slice(11))).toEqual(['held', 'held', 'left', 'removing', 'gone']);
  });

  test('and no other assignment is made in its name', async () => {
    const world = await setWorld();
    const change = (await world.state.changes.find(`chg-${await lent(world)}`))!;
    const settings = (await world.state.settings.find('settings'))!;
    const circumstances = { settings, signed: true, configuration, now: world.clock.now };
    expect(applyRefusal(change, circumstances)).toBeUndefined();
    const [edit] = change.plan.edits;
    for (const edits of [[edit!, edit!], [{ ...edit!, before: assigned, after: null }]]) {
      const forged = { ...change, plan: { ...change.plan, edits } };
      expect(applyRefusal(forged, circumstances)?.reason).toMatch(/digest-mismatch|target-excluded/);
    }
  });
});

describe('a lent permission set', () => {
  const overIn = async (world: SetWorld, isSettled = true) => {
    const lease = await lent(world);
    later(world, 3600);
    await sweepLeases(world.deps)();
    later(world, 900);
    if (isSettled) await sweepLeases(world.deps)();
    await world.deps.inventories.write({ ...(await world.deps.inventories.read(account))!, takenAt: world.clock.now });
    world.told.takenAt = world.clock.now;
    return lease;
  };

  test('is verified once nothing of it is assigned, names the session that may go on, and is closed after that', async () => {
    const world = await setWorld();
    const lease = await overIn(world);
    const { revokedAt } = (await world.state.leases.find(lease))!;
    const session = { kind: 'session', what: `set:${account}/Repair`, until: plusSeconds(revokedAt!, 3600) };
    expect(await verifyLeases(world.deps)()).toMatchObject({
      verified: [lease],
      held: [{ lease, residue: [session] }],
    });
    later(world, 2700);
    expect(await verifyLeases(world.deps)()).toMatchObject({ closed: [lease], held: [] });
  });

  test('is not verified before it is settled whose an assignment is that appears later', async () => {
    const world = await setWorld();
    const lease = await overIn(world, false);
    later(world, 7200);
    expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [], closed: [] });
    await sweepLeases(world.deps)();
    expect(await verifyLeases(world.deps)()).toMatchObject({ closed: [lease] });
    await byHand(world);
    const next = await lent(world, { key: 'next' });
    expect(await world.state.changes.find(`chg-${next}`)).toMatchObject({ refusal: { reason: 'base-changed' } });
    expect(await isAssigned(world)).toBe(true);
  });

  test('is not verified before Identity Center was read again', async () => {
    const world = await setWorld();
    await overIn(world);
    world.told.takenAt = plusSeconds(world.clock.now, -20_000);
    expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [] });
  });

  test.each(['by a group', 'by hand'] as const)(
    'that they have otherwise by then, %s, is named and holds it open',
    async (how) => {
      const world = await setWorld();
      const lease = await overIn(world);
      await sweepLeases(world.deps)();
      if (how === 'by hand') await byHand(world);
      else
        world.told.center = {
          ...center,
          assignments: [{ account, permissionSet: repair.permissionSet, kind: 'GROUP', principal: 'g-1' }],
        };
      later(world, 7200);
      const { held: open } = await verifyLeases(world.deps)();
      expect(open).toMatchObject([{ lease, residue: [{ kind: 'access', what: expect.stringContaining('Repair') }] }]);
      expect(await stateOf(world, lease)).toBe('verified');
    },
  );
});

test('the steps of an assignment refuse what is not so', () => {
  const at = plusSeconds('2026-01-01T00:00:00Z' as never, 0);
  const first = held(undefined, repair, 'a', false, at, 'test');
  const row = first.ok ? first.value!.after : undefined;
  expect(held(row, repair, 'a', true, at, 'test')).toEqual({ ok: true, value: null });
  expect(released(row, 'b', at, 'test')).toBeUndefined();
  expect(released(undefined, 'a', at, 'test')).toBeUndefined();
  const taken = released(row, 'a', at, 'test')!.after;
  expect(gone(taken, 'b', at, 'test')).toBeUndefined();
  const over = gone(taken, 'a', at, 'test')!.after;
  expect(settled(over, 'a', plusSeconds(at, 179), 'test')).toBeUndefined();
  expect(settled(over, 'a', plusSeconds(at, 180), 'test')!.after.goneAt).toBeNull();
  expect(settled(row!, 'a', plusSeconds(at, 999), 'test')).toBeUndefined();
});

test('applying twice makes one assignment of one lease', async () => {
  const world = await setWorld();
  const lease = await lent(world);
  for (let n = 0; n < 2; n += 1) await applyChange(world.deps)(`chg-${lease}`);
  expect(await rowOf(world)).toMatchObject({ holders: [lease], version: 1 });
});
