import { verifyChain } from '../../core/audit/chain.ts';
import { digestToDecide } from '../../core/changes/digest.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { requestUndo } from '../../usecases/request-undo.ts';
import { revokeLease } from '../../usecases/revoke-lease.ts';
import { sweepLeases } from '../../usecases/sweep-leases.ts';
import { undoChange } from '../../usecases/undo-change.ts';
import {
  type ChangeWorld,
  changeWorld,
  delivered,
  later,
  loan,
  picture,
  planRightsizing,
  settle,
} from './change-world.ts';

const portNames = ['changes', 'leases', 'settings', 'iam', 'scheduler', 'verifier', 'signer'] as const;

/** The world's ports, with somebody else's whole piece of work done just before the n-th call. */
function interrupted(world: ChangeWorld, at: number, other: () => Promise<unknown>) {
  let made = 0;
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          made += 1;
          if (made === at) await other();
          return (value as (...a: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  const deps = { ...world.deps };
  for (const name of portNames) Object.assign(deps, { [name]: wrap(world.deps[name]) });
  return { deps, calls: () => made };
}

/** Runs `one` with `other` coming in at each of its calls, and looks at the world after each. */
async function atEveryCall(
  prepare: (world: ChangeWorld) => Promise<string>,
  one: (deps: ChangeWorld['deps'], id: string) => Promise<unknown>,
  other: (world: ChangeWorld, id: string) => Promise<unknown>,
  look: (world: ChangeWorld, id: string) => Promise<void>,
): Promise<void> {
  for (let at = 1; ; at += 1) {
    const world = await changeWorld();
    const id = await prepare(world);
    const { deps, calls } = interrupted(world, at, () => other(world, id).catch(() => undefined));
    await delivered(() => one(deps, id));
    if (calls() < at) return expect(at).toBeGreaterThan(8);
    await look(world, id);
    await settle(world);
    for (const change of await world.state.changes.list(10))
      expect(verifyChain(await world.archive.chain('change', change.id), change.audit)).toEqual([]);
  }
}

async function approve(world: ChangeWorld, id: string, ...approvers: string[]): Promise<void> {
  for (const by of approvers) {
    const change = (await world.state.changes.find(id))!;
    await decideChange(world.deps)({ change: id, by, verdict: 'approve', digest: digestToDecide(change) });
  }
}

async function approvedLoan(world: ChangeWorld): Promise<string> {
  const { id } = await requestAccess(world.deps)(loan);
  await approve(world, id, 'ben');
  return id;
}

async function approvedRightsizing(world: ChangeWorld): Promise<string> {
  const id = await planRightsizing(world);
  await approve(world, id, 'ben', 'cyd');
  return id;
}

const leaseOf = (id: string) => id.slice('chg-'.length);
const textOf = async (world: ChangeWorld, id: string) => {
  const { edit } = (await world.state.leases.find(leaseOf(id)))!;
  return world.iam.read(edit.slot);
};

test('a lease that is revoked while it is being lent is never active afterwards, and nothing of it is left', async () => {
  const revokedThen: boolean[] = [];
  await atEveryCall(
    approvedLoan,
    (deps, id) => applyChange(deps)(id),
    async (world, id) => {
      const revoked = await revokeLease(world.deps)({ lease: leaseOf(id), reason: 'early', by: 'ada' });
      if (revoked.ok) world.fired.push('revoked');
    },
    async (world, id) => {
      revokedThen.push(world.fired.includes('revoked'));
      const lease = await world.state.leases.find(leaseOf(id));
      if (!world.fired.includes('revoked')) return expect(lease?.state).toBe('active');
      expect(lease?.state).toBe('revoked');
      expect(await textOf(world, id)).toBeNull();
      const change = await world.state.changes.find(id);
      expect(['refused', 'undone']).toContain(change?.state);
    },
  );
  expect(new Set(revokedThen)).toEqual(new Set([true, false]));
});

test('two runs that lend at once lend once', async () => {
  await atEveryCall(
    approvedLoan,
    (deps, id) => applyChange(deps)(id),
    (world, id) => applyChange(world.deps)(id),
    async (world, id) => {
      expect(await world.state.leases.find(leaseOf(id))).toMatchObject({ state: 'active', version: 3 });
      expect(await world.state.changes.find(id)).toMatchObject({ state: 'verified' });
      later(world, 3600);
      await sweepLeases(world.deps)();
      expect(await textOf(world, id)).toBeNull();
    },
  );
});

test('a change that is applied and undone by others while a slow run writes it ends undone', async () => {
  let before = '';
  await atEveryCall(
    async (world) => {
      before = await picture(world);
      return approvedRightsizing(world);
    },
    (deps, id) => applyChange(deps)(id),
    async (world, id) => {
      await applyChange(world.deps)(id);
      await requestUndo(world.deps)({ change: id, by: 'ada', reason: 'it broke' });
      await approve(world, id, 'ben', 'cyd');
      await undoChange(world.deps)(id);
    },
    async (world, id) => {
      expect(await world.state.changes.find(id)).toMatchObject({ state: 'undone' });
      expect(await picture(world)).toBe(before);
    },
  );
});

test('two clicks at once are two decisions of two people or one terminal decision', async () => {
  for (const verdict of ['approve', 'deny'] as const) {
    for (let at = 1; at <= 6; at += 1) {
      const world = await changeWorld();
      const { id, digest } = await requestAccess(world.deps)(loan);
      const click = (deps: ChangeWorld['deps'], by: string, what: 'approve' | 'deny') =>
        decideChange(deps)({ change: id, by, verdict: what, digest });
      const { deps } = interrupted(world, at, () => click(world.deps, 'cyd', verdict));
      const first = await click(deps, 'ben', 'approve');
      await settle(world);
      const types = (await world.archive.chain('change', id)).map(({ type }) => type);
      expect(types.filter((type) => type === 'change.approved' || type === 'change.denied')).toHaveLength(1);
      if (!first.ok) expect(first.error).toBe('not-pending');
    }
  }
});
