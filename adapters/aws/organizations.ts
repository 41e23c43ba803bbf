import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListAccountsForParentCommand,
  ListDelegatedAdministratorsCommand,
  ListDelegatedServicesForAccountCommand,
  ListOrganizationalUnitsForParentCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  type OrganizationsClient,
  type PolicyType,
} from '@aws-sdk/client-organizations';
import {
  type ControlPolicy,
  type DelegatedAdministrator,
  fullAccess,
  type MemberAccount,
  type OrganizationalUnit,
  type OrganizationTree,
} from '../../core/identity/organization-tree.ts';
import type { Answers } from '../../usecases/ports/organization-scan.ts';
import { Asked } from './asked.ts';

/** Attached everywhere, and cannot be detached. */
const fullRcp = 'p-RCPFullAWSAccess';

/**
 * Reads the organization's tree, its accounts and the policies at every level; to be called in the management account
 * or as a delegated administrator. One call at a time, since Organizations throttles early; the client tries again.
 */
export async function scanOrganization(
  client: OrganizationsClient,
  answers: Answers = new Map(),
  hasTime?: () => boolean,
): Promise<OrganizationTree> {
  const asked = new Asked(answers, hasTime);
  const scan = new Scan(client, asked);
  const { Organization: organization } = await asked.once('organization', () =>
    client.send(new DescribeOrganizationCommand({})),
  );
  const { Roots: [root] = [] } = await asked.once('roots', () => client.send(new ListRootsCommand({})));
  if (!organization?.Id || !organization.MasterAccountId || !root?.Id) throw new Error('Organizations names no root');
  const isEnabled = (type: PolicyType): boolean =>
    root.PolicyTypes?.some((each) => each.Type === type && each.Status === 'ENABLED') ?? false;
  const enabled = { scps: isEnabled('SERVICE_CONTROL_POLICY'), rcps: isEnabled('RESOURCE_CONTROL_POLICY') };
  const tree = await scan.unit(root.Id, root.Name ?? 'Root', enabled);
  return {
    v: 1,
    id: organization.Id,
    managementAccount: organization.MasterAccountId,
    enabled,
    policies: await scan.policies(tree),
    root: tree,
    delegated: await scan.delegated(),
    identityCenter: null,
  };
}

type Enabled = OrganizationTree['enabled'];
type Attached = Pick<MemberAccount, 'scps' | 'rcps'>;

class Scan {
  private readonly client: OrganizationsClient;
  private readonly asked: Asked;

  constructor(client: OrganizationsClient, asked: Asked) {
    this.client = client;
    this.asked = asked;
  }

  async unit(ParentId: string, name: string, enabled: Enabled): Promise<OrganizationalUnit> {
    const listed = await this.asked.pages(
      `accounts ${ParentId}`,
      (NextToken) => this.client.send(new ListAccountsForParentCommand({ ParentId, NextToken })),
      (page) => page.Accounts,
    );
    const below = await this.asked.pages(
      `units ${ParentId}`,
      (NextToken) => this.client.send(new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken })),
      (page) => page.OrganizationalUnits,
    );
    const accounts: MemberAccount[] = [];
    for (const { Id: id = '', Name } of listed)
      accounts.push({ id, name: Name ?? id, ...(await this.attachedTo(id, enabled)) });
    const units: OrganizationalUnit[] = [];
    for (const { Id: id = '', Name } of below) units.push(await this.unit(id, Name ?? id, enabled));
    return { id: ParentId, name, ...(await this.attachedTo(ParentId, enabled)), accounts, units };
  }

  /** Of a policy type that is not enabled nothing can be listed. */
  private async attachedTo(TargetId: string, enabled: Enabled): Promise<Attached> {
    const ids = (Filter: PolicyType) =>
      this.asked.pages(
        `${Filter} ${TargetId}`,
        (NextToken) => this.client.send(new ListPoliciesForTargetCommand({ TargetId, Filter, NextToken })),
        (page) => page.Policies?.flatMap(({ Id }) => Id ?? []),
      );
    return {
      scps: enabled.scps ? await ids('SERVICE_CONTROL_POLICY') : [],
      rcps: enabled.rcps ? (await ids('RESOURCE_CONTROL_POLICY')).filter((id) => id !== fullRcp) : [],
    };
  }

  /** Accounts that act for the organization in some service. */
  async delegated(): Promise<DelegatedAdministrator[]> {
    const accounts = await this.asked.pages(
      'delegated',
      (NextToken) => this.client.send(new ListDelegatedAdministratorsCommand({ NextToken })),
      (page) => page.DelegatedAdministrators,
    );
    const delegated: DelegatedAdministrator[] = [];
    for (const { Id: AccountId = '' } of accounts) {
      const services = await this.asked.pages(
        `services ${AccountId}`,
        (NextToken) => this.client.send(new ListDelegatedServicesForAccountCommand({ AccountId, NextToken })),
        (page) => page.DelegatedServices?.flatMap(({ ServicePrincipal }) => ServicePrincipal ?? []),
      );
      delegated.push({ account: AccountId, services: services.sort() });
    }
    return delegated;
  }

  async policies(root: OrganizationalUnit): Promise<ControlPolicy[]> {
    const ids = [...new Set(attachedIn(root))].filter((id) => id !== fullAccess.id).sort();
    const policies: ControlPolicy[] = [fullAccess];
    for (const PolicyId of ids) {
      const { Policy } = await this.asked.once(`policy ${PolicyId}`, () =>
        this.client.send(new DescribePolicyCommand({ PolicyId })),
      );
      if (Policy?.Content === undefined) throw new Error(`Organizations gives no content of ${PolicyId}`);
      policies.push({ id: PolicyId, name: Policy.PolicySummary?.Name ?? PolicyId, text: Policy.Content });
    }
    return policies;
  }
}

const attachedIn = (unit: OrganizationalUnit): string[] => [
  ...[unit, ...unit.accounts].flatMap(({ scps, rcps }) => [...scps, ...rcps]),
  ...unit.units.flatMap(attachedIn),
];
