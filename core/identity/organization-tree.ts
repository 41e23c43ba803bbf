import type { IdentityCenter } from './identity-center.ts';

/** A service or resource control policy: its JSON text. */
export interface ControlPolicy {
  id: string;
  name: string;
  text: string;
}

/** What is attached at one level of the tree. */
interface Attachments {
  /** Ids of service control policies, `p-FullAWSAccess` among them where it is attached. */
  scps: readonly string[];
  /** Ids of resource control policies, without RCPFullAWSAccess, which cannot be detached. */
  rcps: readonly string[];
}

export interface MemberAccount extends Attachments {
  id: string;
  name: string;
}

/** The root or an organizational unit. */
export interface OrganizationalUnit extends Attachments {
  id: string;
  name: string;
  units: readonly OrganizationalUnit[];
  accounts: readonly MemberAccount[];
}

/** An account that acts for the whole organization in some services. */
export interface DelegatedAdministrator {
  account: string;
  /** Like `sso.amazonaws.com`. */
  services: readonly string[];
}

/** What AWS Organizations says: the tree, who is in it, and what is attached where. */
export interface OrganizationTree {
  v: 1;
  id: string;
  managementAccount: string;
  /** False where the policy type is not enabled: then nothing that is attached counts. */
  enabled: { scps: boolean; rcps: boolean };
  policies: readonly ControlPolicy[];
  root: OrganizationalUnit;
  /** Absent where nobody asked. */
  delegated?: readonly DelegatedAdministrator[];
  /** null where it is not known or there is none. */
  identityCenter: IdentityCenter | null;
}

/** The policy that AWS attaches everywhere when SCPs are enabled. */
export const fullAccess: ControlPolicy = {
  id: 'p-FullAWSAccess',
  name: 'FullAWSAccess',
  text: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
};

/** Where an account stands in its organization. */
export interface AccountPlace {
  account: MemberAccount;
  /** Root first. */
  units: readonly OrganizationalUnit[];
  /** As `aws:PrincipalOrgPaths` has it: `o-…/r-…/ou-…/`. */
  path: string;
}

/** Every account of the organization, by id. */
export function placesOf(tree: OrganizationTree): ReadonlyMap<string, AccountPlace> {
  const places = new Map<string, AccountPlace>();
  const visit = (unit: OrganizationalUnit, above: readonly OrganizationalUnit[]): void => {
    const units = [...above, unit];
    const path = `${[tree.id, ...units.map(({ id }) => id)].join('/')}/`;
    for (const account of unit.accounts) places.set(account.id, { account, units, path });
    for (const below of unit.units) visit(below, units);
  };
  visit(tree.root, []);
  return places;
}
