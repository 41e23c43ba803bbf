import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListAccountsForParentCommand,
  ListDelegatedAdministratorsCommand,
  ListDelegatedServicesForAccountCommand,
  ListOrganizationalUnitsForParentCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import { scanOrganization } from '../../../adapters/aws/organizations.ts';
import { ReadingBrokenOff } from '../../../usecases/ports/inventory-scan.ts';

const [management, member] = ['111122223333', '444455556666'];
const client = mockClient(OrganizationsClient);
const enabled = [
  { Type: 'SERVICE_CONTROL_POLICY' as const, Status: 'ENABLED' as const },
  { Type: 'RESOURCE_CONTROL_POLICY' as const, Status: 'ENABLED' as const },
];
const content = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}';

beforeEach(() => {
  client.reset();
  client.on(DescribeOrganizationCommand).resolves({ Organization: { Id: 'o-1', MasterAccountId: management } });
  client.on(ListRootsCommand).resolves({ Roots: [{ Id: 'r-1', Name: 'Root', PolicyTypes: enabled }] });
  client.on(ListAccountsForParentCommand).resolves({ Accounts: [] });
  client.on(ListOrganizationalUnitsForParentCommand).resolves({ OrganizationalUnits: [] });
  client
    .on(ListAccountsForParentCommand, { ParentId: 'r-1' })
    .resolves({ Accounts: [{ Id: management, Name: 'management' }], NextToken: 'more' })
    .on(ListAccountsForParentCommand, { ParentId: 'r-1', NextToken: 'more' })
    .resolves({ Accounts: [{ Id: '777788889999', Name: 'second page' }] })
    .on(ListAccountsForParentCommand, { ParentId: 'ou-1' })
    .resolves({ Accounts: [{ Id: member, Name: 'shop' }] });
  client
    .on(ListOrganizationalUnitsForParentCommand, { ParentId: 'r-1' })
    .resolves({ OrganizationalUnits: [{ Id: 'ou-1', Name: 'production' }] });
  client.on(ListPoliciesForTargetCommand).resolves({ Policies: [{ Id: 'p-FullAWSAccess' }] });
  client
    .on(ListPoliciesForTargetCommand, { Filter: 'RESOURCE_CONTROL_POLICY' })
    .resolves({ Policies: [{ Id: 'p-RCPFullAWSAccess' }] })
    .on(ListPoliciesForTargetCommand, { Filter: 'SERVICE_CONTROL_POLICY', TargetId: 'ou-1' })
    .resolves({ Policies: [{ Id: 'p-FullAWSAccess' }, { Id: 'p-x' }] });
  client
    .on(DescribePolicyCommand, { PolicyId: 'p-x' })
    .resolves({ Policy: { Content: content, PolicySummary: { Id: 'p-x', Name: 'NoS3' } } });
  client
    .on(ListDelegatedAdministratorsCommand)
    .resolves({ DelegatedAdministrators: [{ Id: member }] })
    .on(ListDelegatedServicesForAccountCommand)
    .resolves({
      DelegatedServices: [
        { ServicePrincipal: 'sso.amazonaws.com' },
        { ServicePrincipal: 'access-analyzer.amazonaws.com' },
      ],
    });
});

describe('AWS Organizations', () => {
  test('is read into a tree with what is attached at every level', async () => {
    const tree = await scanOrganization(new OrganizationsClient({}));
    expect(tree).toMatchObject({ id: 'o-1', managementAccount: management, enabled: { scps: true, rcps: true } });
    expect(tree.policies).toEqual([
      expect.objectContaining({ id: 'p-FullAWSAccess' }),
      { id: 'p-x', name: 'NoS3', text: content },
    ]);
    expect(tree.root.accounts.map(({ id }) => id)).toEqual([management, '777788889999']);
    expect(tree.delegated).toEqual([
      { account: member, services: ['access-analyzer.amazonaws.com', 'sso.amazonaws.com'] },
    ]);
    expect(tree.root.units).toEqual([
      {
        id: 'ou-1',
        name: 'production',
        scps: ['p-FullAWSAccess', 'p-x'],
        rcps: [],
        accounts: [{ id: member, name: 'shop', scps: ['p-FullAWSAccess'], rcps: [] }],
        units: [],
      },
    ]);
  });

  test('of a policy type that is not enabled nothing is asked', async () => {
    client.on(ListRootsCommand).resolves({ Roots: [{ Id: 'r-1', PolicyTypes: [enabled[0]!] }] });
    const tree = await scanOrganization(new OrganizationsClient({}));
    expect(tree.enabled).toEqual({ scps: true, rcps: false });
    const filters = client.commandCalls(ListPoliciesForTargetCommand).map(({ args }) => args[0].input.Filter);
    expect(new Set(filters)).toEqual(new Set(['SERVICE_CONTROL_POLICY']));
  });

  test('a scan that was throttled to the end goes on where it was', async () => {
    const throttled = Object.assign(new Error('slow down'), { name: 'TooManyRequestsException' });
    client
      .on(DescribePolicyCommand)
      .rejectsOnce(throttled)
      .resolves({ Policy: { Content: content } });
    const answers = new Map();
    await expect(scanOrganization(new OrganizationsClient({}), answers)).rejects.toThrow('slow down');
    const calls = client.calls().length;
    const tree = await scanOrganization(new OrganizationsClient({}), new Map(JSON.parse(JSON.stringify([...answers]))));
    // The policy, and who acts for the organization.
    expect(client.calls()).toHaveLength(calls + 3);
    expect(tree.policies).toHaveLength(2);
  });

  test('where time is up, nothing more is asked', async () => {
    const answers = new Map();
    const left = [true, true, true, true];
    const scan = (hasTime = () => true) => scanOrganization(new OrganizationsClient({}), answers, hasTime);
    await expect(scan(() => left.shift() ?? false)).rejects.toThrow(ReadingBrokenOff);
    expect(client.calls()).toHaveLength(4);
    expect((await scan()).policies).toHaveLength(2);
  });
});
