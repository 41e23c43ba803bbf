import type { LeaseId } from '../../core/leases/lease.ts';
import { verifyLeasesHandler } from '../../lambdas/verify-leases/handler.ts';
import { aLease } from '../contracts/examples.ts';
import { changeWorld } from '../usecases/change-world.ts';

test('what is measured as held is what does not end by itself: a key counts, a session does not', async () => {
  const { deps, state, clock } = await changeWorld();
  const session = { kind: 'session' as const, what: 'arn:aws:iam::111122223333:role/worker', until: clock.now };
  const key = { kind: 'access-key' as const, what: 'AKIA1', until: null };
  for (const [id, residue] of Object.entries({ nothing: [], session: [session], key: [session, key] })) {
    const lease = aLease({ id: id as LeaseId, version: 1, state: 'revoked', revokedAt: clock.now, residue });
    await state.leases.commit(undefined, lease, []);
  }
  const held: number[] = [];
  const look = verifyLeasesHandler({
    ...deps,
    people: async () => [],
    organizations: { read: async () => undefined },
    held: (leases) => held.push(leases),
    failed: (place, fault) => expect([place, fault]).toEqual([]),
  });
  expect((await look()).held).toHaveLength(2);
  expect(held).toEqual([1]);
});
