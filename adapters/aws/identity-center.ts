import {
  type IdentitystoreClient,
  ListGroupMembershipsCommand,
  ListGroupsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-identitystore';
import {
  DescribePermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListInstancesCommand,
  ListManagedPoliciesInPermissionSetCommand,
  ListPermissionSetsCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { IdentityCenter } from '../../core/identity/identity-center.ts';
import type { Answers } from '../../usecases/ports/organization-scan.ts';
import { Asked } from './asked.ts';
import { sessionSeconds } from './session-duration.ts';

/** Clients of the region in which the instance lives. */
export interface IdentityCenterClients {
  sso: SSOAdminClient;
  store: IdentitystoreClient;
}

/**
 * Reads permission sets, who is assigned what where, and who the people and groups are; in the management account or as
 * a delegated administrator. null: there is no instance in this region.
 */
export async function scanIdentityCenter(
  { sso, store }: IdentityCenterClients,
  answers: Answers = new Map(),
  hasTime?: () => boolean,
): Promise<IdentityCenter | null> {
  const asked = new Asked(answers, hasTime);
  const instances = await asked.pages(
    'instances',
    (NextToken) => sso.send(new ListInstancesCommand({ NextToken })),
    (page) => page.Instances,
  );
  const { InstanceArn: instance, IdentityStoreId } = instances[0] ?? {};
  if (instance === undefined || IdentityStoreId === undefined) return null;
  const arns = await asked.pages(
    'permission sets',
    (NextToken) => sso.send(new ListPermissionSetsCommand({ InstanceArn: instance, NextToken })),
    (page) => page.PermissionSets,
  );
  const sets = new PermissionSets(sso, asked, instance);
  const permissionSets: IdentityCenter['permissionSets'][number][] = [];
  const assignments: IdentityCenter['assignments'][number][] = [];
  for (const arn of arns) {
    permissionSets.push(await sets.read(arn));
    assignments.push(...(await sets.assignments(arn)));
  }
  const people = new People(store, asked, IdentityStoreId);
  return {
    instance,
    // As the ledger names people of Identity Center, whose events carry this ARN.
    identityStore: `arn:aws:identitystore::${ownerOf(instances[0]?.OwnerAccountId)}:identitystore/${IdentityStoreId}`,
    permissionSets,
    assignments,
    users: await people.users(),
    groups: await people.groups(),
  };
}

function ownerOf(account: string | undefined): string {
  if (account === undefined) throw new Error('Identity Center does not say whose its instance is');
  return account;
}

class PermissionSets {
  private readonly sso: SSOAdminClient;
  private readonly asked: Asked;
  private readonly InstanceArn: string;

  constructor(sso: SSOAdminClient, asked: Asked, instance: string) {
    this.sso = sso;
    this.asked = asked;
    this.InstanceArn = instance;
  }

  async read(PermissionSetArn: string): Promise<IdentityCenter['permissionSets'][number]> {
    const { sso, asked } = this;
    const of = { InstanceArn: this.InstanceArn, PermissionSetArn };
    const { PermissionSet } = await asked.once(`set ${PermissionSetArn}`, () =>
      sso.send(new DescribePermissionSetCommand(of)),
    );
    const { InlinePolicy } = await asked.once(`inline ${PermissionSetArn}`, () =>
      sso.send(new GetInlinePolicyForPermissionSetCommand(of)),
    );
    const managed = await asked.pages(
      `managed ${PermissionSetArn}`,
      (NextToken) => sso.send(new ListManagedPoliciesInPermissionSetCommand({ ...of, NextToken })),
      (page) => page.AttachedManagedPolicies?.flatMap(({ Arn }) => Arn ?? []),
    );
    const customerManaged = await asked.pages(
      `customer ${PermissionSetArn}`,
      (NextToken) => sso.send(new ListCustomerManagedPolicyReferencesInPermissionSetCommand({ ...of, NextToken })),
      (page) => page.CustomerManagedPolicyReferences?.map(({ Path = '/', Name = '' }) => ({ path: Path, name: Name })),
    );
    const name = PermissionSet?.Name ?? PermissionSetArn;
    const session = sessionSeconds(PermissionSet?.SessionDuration);
    const known = { arn: PermissionSetArn, name, ...(session !== undefined && { session }) };
    return { ...known, inline: InlinePolicy || null, managed, customerManaged };
  }

  async assignments(PermissionSetArn: string): Promise<IdentityCenter['assignments'][number][]> {
    const { sso, asked, InstanceArn } = this;
    const accounts = await asked.pages(
      `accounts ${PermissionSetArn}`,
      (NextToken) =>
        sso.send(new ListAccountsForProvisionedPermissionSetCommand({ InstanceArn, PermissionSetArn, NextToken })),
      (page) => page.AccountIds,
    );
    const found: IdentityCenter['assignments'][number][] = [];
    for (const AccountId of accounts) {
      const of = { InstanceArn, PermissionSetArn, AccountId };
      const here = await asked.pages(
        `assignments ${PermissionSetArn} ${AccountId}`,
        (NextToken) => sso.send(new ListAccountAssignmentsCommand({ ...of, NextToken })),
        (page) => page.AccountAssignments,
      );
      for (const { PrincipalType, PrincipalId = '' } of here)
        found.push({
          account: AccountId,
          permissionSet: PermissionSetArn,
          kind: PrincipalType === 'GROUP' ? 'GROUP' : 'USER',
          principal: PrincipalId,
        });
    }
    return found;
  }
}

class People {
  private readonly store: IdentitystoreClient;
  private readonly asked: Asked;
  private readonly IdentityStoreId: string;

  constructor(store: IdentitystoreClient, asked: Asked, id: string) {
    this.store = store;
    this.asked = asked;
    this.IdentityStoreId = id;
  }

  async users(): Promise<IdentityCenter['users'][number][]> {
    const { store, asked, IdentityStoreId } = this;
    return asked.pages(
      'users',
      (NextToken) => store.send(new ListUsersCommand({ IdentityStoreId, NextToken })),
      (page) => page.Users?.map(({ UserId: id = '', UserName }) => ({ id, name: UserName ?? id })),
    );
  }

  async groups(): Promise<IdentityCenter['groups'][number][]> {
    const { store, asked, IdentityStoreId } = this;
    const groups = await asked.pages(
      'groups',
      (NextToken) => store.send(new ListGroupsCommand({ IdentityStoreId, NextToken })),
      (page) => page.Groups,
    );
    const found: IdentityCenter['groups'][number][] = [];
    for (const { GroupId: id = '', DisplayName } of groups) {
      const members = await asked.pages(
        `members ${id}`,
        (NextToken) => store.send(new ListGroupMembershipsCommand({ IdentityStoreId, GroupId: id, NextToken })),
        (page) => page.GroupMemberships?.flatMap(({ MemberId }) => MemberId?.UserId ?? []),
      );
      found.push({ id, name: DisplayName ?? id, members });
    }
    return found;
  }
}
