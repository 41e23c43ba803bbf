import { secondsOf } from '../../core/time.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { revokeLease } from '../../usecases/revoke-lease.ts';
import { sweepLeases } from '../../usecases/sweep-leases.ts';
import { type ChangeWorld, changeWorld, later, loan } from './change-world.ts';

/** A loan that is over in an hour, whose schedule is gone. */
async function lent({ deps, scheduler }: ChangeWorld, key: string): Promise<string> {
  const { id, digest } = await requestAccess(deps)({ ...loan, key });
  await decideChange(deps)({ change: id, by: 'ben', verdict: 'approve', digest });
  await applyChange(deps)(id);
  await scheduler.cancel(id.slice(4));
  return id.slice(4);
}

test('what cannot be taken back at once is tried again in the same sweep, behind the others', async () => {
  const world = await changeWorld();
  const leases = [await lent(world, 'one'), await lent(world, 'other')].sort();
  later(world, 3600);
  world.iam.throttleNext(3);
  expect(await sweepLeases(world.deps)()).toEqual({ revoked: leases.toReversed(), failed: [], lag: 0 });
});

test('what fails to the end of a sweep is told, and taken back by the next one', async () => {
  const world = await changeWorld();
  const lease = await lent(world, 'one');
  later(world, 3600);
  world.iam.throttleNext(7);
  expect(await sweepLeases(world.deps)()).toMatchObject({ revoked: [], failed: [{ lease }] });
  later(world, 300);
  expect(await sweepLeases(world.deps)()).toMatchObject({ revoked: [lease], failed: [], lag: 300 });
});

test('a list that is refused is asked for again, since without it nothing at all is swept', async () => {
  const world = await changeWorld();
  const lease = await lent(world, 'one');
  later(world, 3600);
  let refused = 0;
  const { leases } = world.state;
  const { find, commit, settling } = leases;
  const due: typeof leases.due = async (until, limit) => {
    refused += 1;
    if (refused < 5) throw new Error('throttled');
    return leases.due(until, limit);
  };
  const swept = await sweepLeases({ ...world.deps, leases: { find, commit, settling, due } })();
  expect(swept).toMatchObject({ revoked: [lease], failed: [] });
});

test('one that hangs is left behind the others at once, and the sweep ends before its function is cut off', async () => {
  const world = await changeWorld();
  const leases = [await lent(world, 'one'), await lent(world, 'other')].sort();
  later(world, 3600);
  const from = secondsOf(world.clock.now);
  const tried: string[] = [];
  const write: typeof world.deps.iam.write = async (slot, value, context) => {
    tried.push(context.change.slice(4));
    if (context.change !== `chg-${leases[0]}`) return world.deps.iam.write(slot, value, context);
    later(world, 25);
    throw new Error('throttled');
  };
  const swept = await sweepLeases({ ...world.deps, iam: { ...world.deps.iam, write } })();
  expect(tried).toEqual([leases[0], leases[1], leases[0], leases[0]]);
  expect(swept).toMatchObject({ revoked: [leases[1]], failed: [{ lease: leases[0] }] });
  expect(secondsOf(world.clock.now) - from).toBeLessThan(100);
});

test('what was taken back last is looked at first: a late writer is late by minutes, and some wait long to be closed', async () => {
  const world = await changeWorld();
  const early = await lent(world, 'one');
  later(world, 60);
  const late = await lent(world, 'other');
  for (const lease of [early, late]) {
    later(world, 3600);
    await revokeLease(world.deps)({ lease, reason: 'ended', by: 'schedule' });
  }
  const looked: string[] = [];
  const read: typeof world.deps.iam.read = async (slot) => {
    looked.push('name' in slot ? slot.name : '');
    later(world, 81);
    return world.deps.iam.read(slot);
  };
  await sweepLeases({ ...world.deps, iam: { ...world.deps.iam, read } })();
  expect(looked).toEqual([expect.stringContaining(late)]);
});
