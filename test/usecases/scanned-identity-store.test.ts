import type { IdentityCenter } from '../../core/identity/identity-center.ts';
import type { OrganizationStore } from '../../usecases/ports/organization-scan.ts';
import { scannedIdentityStore } from '../../usecases/scanned-identity-store.ts';

const center: IdentityCenter = {
  instance: 'arn:aws:sso:::instance/ssoins-1',
  identityStore: 'arn:aws:identitystore::111122223333:identitystore/d-1',
  permissionSets: [],
  assignments: [],
  users: [
    { id: 'u-1', name: 'ben' },
    { id: 'u-2', name: 'twin' },
    { id: 'u-3', name: 'twin' },
  ],
  groups: [],
};
const scanned = (identityCenter: IdentityCenter | null) =>
  scannedIdentityStore({
    read: async () =>
      ({ tree: { identityCenter }, parts: [] }) as unknown as Awaited<ReturnType<OrganizationStore['read']>>,
  })();

test('a user is found by exactly the name, and only where one alone bears it', async () => {
  const store = await scanned(center);
  expect(await store?.userNamed('ben')).toEqual({ store: center.identityStore, id: 'u-1' });
  for (const name of ['Ben', 'be', 'twin', 'zoe']) expect(await store?.userNamed(name)).toBeUndefined();
});

test('where no instance was found, or nothing was scanned yet, there is no store', async () => {
  expect(await scanned(null)).toBeNull();
  expect(await scannedIdentityStore({ read: async () => undefined })()).toBeNull();
});
