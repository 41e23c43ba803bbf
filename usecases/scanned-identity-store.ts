import type { IdentityStore } from './ports/identity.ts';
import type { OrganizationStore } from './ports/organization-scan.ts';

/**
 * The users of IAM Identity Center as they were last scanned; null where no scan has found an instance. A name that
 * more than one user bears is nobody's.
 */
export const scannedIdentityStore =
  (organizations: Pick<OrganizationStore, 'read'>) => async (): Promise<IdentityStore | null> => {
    const center = (await organizations.read())?.tree.identityCenter;
    if (!center) return null;
    return {
      userNamed: async (name) => {
        const found = center.users.filter((user) => user.name === name);
        const [user] = found;
        return user === undefined || found.length > 1 ? undefined : { store: center.identityStore, id: user.id };
      },
    };
  };
