import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  type OrganizationsClient,
  type PolicyType,
} from '@aws-sdk/client-organizations';
import {
  type ControlPolicy,
  fullAccess,
  type MemberAccount,
  type OrganizationalUnit,
  type OrganizationTree,
} from '../../core/identity/organization-tree.ts';

/** What has been answered, by call. A scan that is given what an earlier one was told before it failed goes on there. */
export type Answers = Map<string, unknown>;

/** Attached everywhere, and cannot be detached. */
const fullRcp = 'p-RCPFullAWSAccess';

/**
 * Reads the organization's tree, its accounts and the policies at every level; to be called in the management account
 * or as a delegated administrator. One call at a time, since Organizations throttles early; the client tries again.
 */
export async function scanOrganization(
  client: OrganizationsClient,
  answers: Answers = new Map(),
): Promise<OrganizationTree> {
  const scan = new Scan(client, answers);
  const { Organization: organization } = await scan.ask('organization', () =>
    client.send(new DescribeOrganizationCommand({})),
  );
  const { Roots: [root] = [] } = await scan.ask('roots', () => client.send(new ListRootsCommand({})));
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
    identityCenter: null,
  };
}

type Enabled = OrganizationTree['enabled'];
type Attached = Pick<MemberAccount, 'scps' | 'rcps'>;

class Scan {
  private readonly client: OrganizationsClient;
  private readonly answers: Answers;

  constructor(client: OrganizationsClient, answers: Answers) {
    this.client = client;
    this.answers = answers;
  }

  async ask<T>(call: string, send: () => Promise<T>): Promise<T> {
    if (!this.answers.has(call)) this.answers.set(call, await send());
    return this.answers.get(call) as T;
  }

  private async pages<T extends { NextToken?: string }, I>(
    call: string,
    send: (NextToken?: string) => Promise<T>,
    itemsOf: (page: T) => I[] | undefined,
  ): Promise<I[]> {
    const items: I[] = [];
    let token: string | undefined;
    do {
      const page: T = await this.ask(`${call} ${token ?? ''}`, () => send(token));
      items.push(...(itemsOf(page) ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    return items;
  }

  async unit(ParentId: string, name: string, enabled: Enabled): Promise<OrganizationalUnit> {
    const listed = await this.pages(
      `accounts ${ParentId}`,
      (NextToken) => this.client.send(new ListAccountsForParentCommand({ ParentId, NextToken })),
      (page) => page.Accounts,
    );
    const below = await this.pages(
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
      this.pages(
        `${Filter} ${TargetId}`,
        (NextToken) => this.client.send(new ListPoliciesForTargetCommand({ TargetId, Filter, NextToken })),
        (page) => page.Policies?.flatMap(({ Id }) => Id ?? []),
      );
    return {
      scps: enabled.scps ? await ids('SERVICE_CONTROL_POLICY') : [],
      rcps: enabled.rcps ? (await ids('RESOURCE_CONTROL_POLICY')).filter((id) => id !== fullRcp) : [],
    };
  }

  async policies(root: OrganizationalUnit): Promise<ControlPolicy[]> {
    const ids = [...new Set(attachedIn(root))].filter((id) => id !== fullAccess.id).sort();
    const policies: ControlPolicy[] = [fullAccess];
    for (const PolicyId of ids) {
      const { Policy } = await this.ask(`policy ${PolicyId}`, () =>
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
