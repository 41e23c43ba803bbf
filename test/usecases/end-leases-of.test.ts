import { registryId } from '../../core/enrolment/registry.ts';
import type { IdentityCenter } from '../../core/identity/identity-center.ts';
import type { OrganizationTree } from '../../core/identity/organization-tree.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import type { LeaseId } from '../../core/leases/lease.ts';
import { plusSeconds } from '../../core/time.ts';
import { revokeLeaseHandler } from '../../lambdas/revoke-lease/handler.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { endLeasesOfGone, endLeasesOfLeaver } from '../../usecases/end-leases-of.ts';
import type { KeptOrganization } from '../../usecases/ports/organization-scan.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { changeWorld, loan, people, settle } from './change-world.ts';

const store = 'arn:aws:identitystore::999900001111:identitystore/d-1234567890';
const user = '90676a5f-10e1-7031-c3d1-0123456789ab';
const known = people.map((person) =>
  person.id === 'ada' ? { ...person, actors: [...person.actors, `federated:${store}/${user}` as ActorId] } : person,
);

/** Something is lent to Ada. */
async function lent() {
  const world = await changeWorld();
  const { id, digest } = await requestAccess(world.deps)(loan);
  await decideChange(world.deps)({ change: id, by: 'ben', verdict: 'approve', digest });
  await settle(world);
  const lease = async () => (await world.state.leases.list(10))[0]!;
  expect(await lease()).toMatchObject({ state: 'active' });
  return { world, deps: { ...world.deps, people: async () => known }, lease };
}

test('whoever is deleted or disabled keeps nothing', async () => {
  const { world, deps, lease } = await lent();
  expect(await endLeasesOfLeaver(deps)({ user, store: 'd-0000000000' })).toEqual([]);
  expect(await endLeasesOfLeaver(deps)({ user: 'somebody-else', store: null })).toEqual([]);
  expect(await lease()).toMatchObject({ state: 'active' });
  expect(await endLeasesOfLeaver(deps)({ user, store: 'd-1234567890' })).toHaveLength(1);
  expect(await endLeasesOfLeaver(deps)({ user, store: 'd-1234567890' })).toEqual([]);
  await settle(world);
  expect(await lease()).toMatchObject({ state: 'revoked', revokeReason: 'offboarded' });
});

test('also where a thousand others end before', async () => {
  const { world, deps, lease } = await lent();
  const mine = await lease();
  for (let n = 0; n < 1000; n += 1) {
    const other = { ...mine, id: `other-${n}` as LeaseId, version: 1, beneficiary: 'ben', endsAt: mine.startsAt };
    await world.state.leases.commit(undefined, other, []);
  }
  expect(await endLeasesOfLeaver(deps)({ user, store: 'd-1234567890' })).toEqual([mine.id]);
});

test('an event of the fast lane does it; one that takes nobody away, or is not AWS’s, does not', async () => {
  const { deps, lease } = await lent();
  const buried: string[] = [];
  const handle = revokeLeaseHandler({
    ...deps,
    deadLetters: { bury: async (_, reason) => void buried.push(reason) },
    failed: () => {},
  });
  const told = (eventName: string, source = 'aws.sso-directory') => ({
    Records: [
      {
        messageId: 'm1',
        body: JSON.stringify({
          source,
          account: '999900001111',
          'detail-type': 'AWS API Call via CloudTrail',
          detail: { eventSource: 'sso-directory.amazonaws.com', eventName, requestParameters: { userId: user } },
        }),
      },
    ] as never,
  });
  await handle(told('UpdateUser'));
  expect(buried).toEqual([]);
  await handle(told('DisableUser', 'aws.partner/somebody'));
  expect(buried).toHaveLength(1);
  expect(await lease()).toMatchObject({ state: 'active' });
  await handle(told('DisableUser'));
  expect(await lease()).toMatchObject({ state: 'revoking', revokeReason: 'offboarded' });
});

test('an event of IAM freezes the enrolments of its own account, and of no other', async () => {
  const { world, deps } = await lent();
  const handle = revokeLeaseHandler({ ...deps, deadLetters: { bury: async () => {} }, failed: () => {} });
  const told = (account: string) => ({
    Records: [
      {
        messageId: 'm1',
        body: JSON.stringify({
          source: 'aws.iam',
          account,
          'detail-type': 'AWS API Call via CloudTrail',
          detail: {
            eventSource: 'iam.amazonaws.com',
            eventName: 'UpdateSAMLProvider',
            eventID: 'e1',
            recipientAccountId: '999900001111',
            requestParameters: { sAMLProviderArn: 'arn:aws:iam::999900001111:saml-provider/AWSSSO_ab12_DO_NOT_DELETE' },
          },
        }),
      },
    ] as never,
  });
  await handle(told('111122223333'));
  expect(await world.state.enrolments.find(registryId)).toBeUndefined();
  await handle(told('999900001111'));
  expect(await world.state.enrolments.find(registryId)).toMatchObject({ frozen: [{ account: '999900001111' }] });
});

describe('at the nightly reading', () => {
  const read = (users: IdentityCenter['users'], takenAt: string | null, identityStore = store) => ({
    read: async () =>
      ({
        tree: { identityCenter: { identityStore, users } } as unknown as OrganizationTree,
        parts: [{ part: 'identity-center', takenAt, denied: null }],
      }) as KeptOrganization,
  });
  const other = { id: 'other', name: 'other' };

  test('whoever is not there any more keeps nothing that was lent before', async () => {
    const { world, deps, lease } = await lent();
    const tomorrow = plusSeconds(world.clock.now, 3600);
    const ends = (organizations: ReturnType<typeof read>) => endLeasesOfGone({ ...deps, organizations })();
    expect(await ends(read([other, { id: user, name: 'ada' }], tomorrow))).toEqual([]);
    expect(await ends(read([], tomorrow))).toEqual([]);
    expect(await ends(read([other], null))).toEqual([]);
    expect(await ends(read([other], plusSeconds(world.clock.now, -3600)))).toEqual([]);
    expect(await ends(read([other], tomorrow, `${store}0`))).toEqual([]);
    expect(await lease()).toMatchObject({ state: 'active' });
    expect(await ends(read([other], tomorrow))).toHaveLength(1);
    expect(await lease()).toMatchObject({ state: 'revoking', revokeReason: 'offboarded' });
  });
});
