import type { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { ReadingDenied } from '../../usecases/ports/inventory-scan.ts';
import type { OrganizationScan } from '../../usecases/ports/organization-scan.ts';
import { scanIdentityCenter } from './identity-center.ts';
import { scanOrganization } from './organizations.ts';
import { isDenied } from './resource-policies/reader.ts';

/** Clients with a session in the management account, or in a delegated administrator's. */
export interface OrganizationClients {
  organizations: OrganizationsClient;
  sso: SSOAdminClient;
  store: IdentitystoreClient;
}

/** What stands above the accounts, live. */
export const organizationScan = ({ organizations, sso, store }: OrganizationClients): OrganizationScan => ({
  organization: (answers, hasTime) => unlessDenied(scanOrganization(organizations, answers, hasTime)),
  identityCenter: (answers, hasTime) => unlessDenied(scanIdentityCenter({ sso, store }, answers, hasTime)),
});

async function unlessDenied<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (fault) {
    throw isDenied(fault) ? new ReadingDenied(fault.message) : fault;
  }
}
