import type { AssignmentSlot } from '../../core/changes/change.ts';
import type { Configuration } from '../../core/configuration.ts';
import type { IdentityCenter } from '../../core/identity/identity-center.ts';
import type { OrganizationTree } from '../../core/identity/organization-tree.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import type { Instant } from '../../core/time.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import type { OrganizationStore } from '../../usecases/ports/organization-scan.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { account, changeWorld, configuration as common, loan, people as some } from './change-world.ts';

const instance = 'arn:aws:sso:::instance/ssoins-0123456789abcdef';
const identityStore = 'arn:aws:identitystore::444455556666:identitystore/d-1234567890';
const setArn = 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef';
const looking =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetBucketLocation","Resource":"*"}]}';

/** Identity Center with one set that is reserved for lending, and three that are not lent for a reason each. */
export const center: IdentityCenter = {
  instance,
  identityStore,
  permissionSets: [
    { arn: setArn, name: 'Repair', session: 3600, inline: looking, managed: [], customerManaged: [] },
    { arn: `${setArn.slice(0, -1)}1`, name: 'Everyday', session: 3600, inline: null, managed: [], customerManaged: [] },
    {
      arn: `${setArn.slice(0, -1)}2`,
      name: 'LongDay',
      session: 43_200,
      inline: null,
      managed: [],
      customerManaged: [],
    },
    { arn: `${setArn.slice(0, -1)}3`, name: 'Grouped', session: 3600, inline: null, managed: [], customerManaged: [] },
  ],
  assignments: [{ account, permissionSet: `${setArn.slice(0, -1)}3`, kind: 'GROUP', principal: 'g-1' }],
  users: [{ id: 'u-ada', name: 'ada' }],
  groups: [{ id: 'g-1', name: 'everybody', members: ['u-ada'] }],
};

export const repair: AssignmentSlot = {
  type: 'account-assignment',
  account,
  instance,
  permissionSet: setArn,
  user: 'u-ada',
};

const adaInStore = `federated:${identityStore}/u-ada` as ActorId;
const people = some.map((person) =>
  person.id === 'ada' ? { ...person, actors: [...person.actors, adaInStore] } : person,
);
export const configuration: Configuration = {
  ...common,
  people,
  deployment: {
    managementAccount: '444455556666',
    identityCenter: {
      instance,
      administrator: '444455556666',
      permissionSets: [0, 2, 3].map((n) => (n === 0 ? setArn : `${setArn.slice(0, -1)}${n}`)),
    },
  },
};

/** Asks for the set; every field may be another. */
export const wish = { ...loan, target: `set:${account}/Repair`, actions: [], resources: [] };

/** What a scan told of the organization, as of a time that can be moved. */
function organizationOf(takenAt: Instant, read: IdentityCenter | null = center) {
  const told = { takenAt, center: read };
  const store: Pick<OrganizationStore, 'read'> = {
    read: async () => ({
      tree: { identityCenter: told.center } as OrganizationTree,
      parts: [{ part: 'identity-center', takenAt: told.takenAt, denied: null }],
    }),
  };
  return { told, store };
}

/** The world of changes with Identity Center in it. */
export async function setWorld() {
  const world = await changeWorld();
  const { told, store } = organizationOf(world.clock.now);
  const deps = { ...world.deps, configuration, organizations: store };
  return { ...world, deps, told };
}

export type SetWorld = Awaited<ReturnType<typeof setWorld>>;

/** Asked for, approved by somebody else and carried out; gives the lease's id. */
export async function lent(world: SetWorld, part: Partial<typeof wish> & { extends?: string } = {}): Promise<string> {
  const { deps } = world;
  const { id, digest } = await requestAccess(deps)({ ...wish, ...part });
  const confirmation = { actor: 'federated:store/ben' as ActorId, digest };
  await decideChange(deps)({ change: id, by: 'ben', verdict: 'approve', digest, confirmation });
  await applyChange(deps)(id);
  return id.slice(4);
}
