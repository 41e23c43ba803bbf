import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { readConfiguration } from '../../adapters/files/configuration.ts';
import type { Configuration, Deployment } from '../../core/configuration.ts';
import { MemberStack } from '../../lib/member-stack.ts';
import { MemberStackSets } from '../../lib/member-stack-sets.ts';
import { Storage } from '../../lib/storage.ts';
import { statementsOf } from './synth.ts';

const example = readConfiguration('leastwise.config.example.json');
const having = (deployment: Partial<Deployment>): Configuration => ({
  ...example,
  deployment: { ...example.deployment, ...deployment },
});

const storage = (mode: 'compliance' | 'governance') => {
  const stack = new Stack(new App(), 'Storage');
  new Storage(stack, 'Storage', { key: new Key(stack, 'Key'), lock: { mode, days: 30 } });
  return Template.fromStack(stack);
};
const member = (deployment: Partial<Deployment>) =>
  Template.fromStack(new MemberStack(new App(), 'Member', { configuration: having(deployment) })).toJSON().Resources;

test.each(['compliance', 'governance'] as const)(
  'the audit is locked in %s mode where the configuration says so',
  (mode) => {
    storage(mode).hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 30, Mode: mode.toUpperCase() } } },
    });
  },
);

test('every bucket is encrypted under our key, by a bucket key, so that KMS is not asked for every object', () => {
  storage('compliance').allResourcesProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
      ],
    },
  });
});

test('right-sizing reaches the configured paths and no others', () => {
  const granted = statementsOf(member({ scope: { paths: ['/service/', '/ci/'] } }), 'leastwise-apply')
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Resource }) => Resource.map((each) => JSON.stringify(each)));
  // Besides: policies of its own making, and the reading of AWS's.
  const elsewhere = granted.filter((resource) => !/:policy\/leastwise\/\*|:aws:policy\/\*/.test(resource));
  expect(new Set(elsewhere).size).toBe(6);
  for (const resource of elsewhere) expect(resource).toMatch(/:(user|role|policy)\/(service|ci)\/\*/);
});

test('roles for leases are made only where that is switched on, and only under the boundary', () => {
  const making = (resources: ReturnType<typeof member>) =>
    statementsOf(resources, 'leastwise-lend').filter(
      ({ Effect, Action }) => Effect === 'Allow' && Action.includes('iam:CreateRole'),
    );
  expect(making(member({}))).toEqual([]);
  const resources = member({ leaseRoles: true });
  const [[boundary] = []] = Object.entries(resources).filter(
    ([, each]) => (each as { Type: string }).Type === 'AWS::IAM::ManagedPolicy',
  );
  const [statement] = making(resources);
  expect(statement?.Condition).toEqual({ StringEquals: { 'iam:PermissionsBoundary': { Ref: boundary } } });
  expect(JSON.stringify(statement?.Resource)).toContain(':role/leastwise/*');
  const actions = statementsOf(resources, 'leastwise-lend').flatMap(({ Effect, Action }) =>
    Effect === 'Allow' ? Action : [],
  );
  expect(actions).not.toContain('iam:DeleteRolePermissionsBoundary');
  expect(actions).not.toContain('iam:PutRolePermissionsBoundary');
});

test('without regions for sign-ins alone there is no StackSet of them', () => {
  const stack = new Stack(new App(), 'Sets');
  new MemberStackSets(stack, 'Members', having({ signInRegions: [example.homeRegion] }));
  Template.fromStack(stack).resourceCountIs('AWS::CloudFormation::StackSet', 2);
});

test('a fast lane that EventBridge or a StackSet would not take is refused before it is deployed', () => {
  const roles = Array.from({ length: 35 }, (_, i) => `arn:aws:iam::111122223333:role/service/reader-${i}`);
  const sets = () =>
    new MemberStackSets(
      new Stack(new App(), 'Sets'),
      'Members',
      having({ fastLane: { width: 'prompt', constantReaders: roles } }),
    );
  expect(sets).toThrow(/has \d+ characters|longer than one rule/);
});

describe('permission sets that are lent', () => {
  const instance = 'arn:aws:sso:::instance/ssoins-0123456789abcdef';
  const set = 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef';
  const [administrator = ''] = example.accounts.map(({ id }) => id);
  const lending = { identityCenter: { instance, administrator, permissionSets: [set] } };
  const roleNames = (resources: Record<string, unknown>) =>
    (Object.values(resources) as { Properties?: { RoleName?: string } }[]).map((each) => each.Properties?.RoleName);

  test('are assigned by a role that exists only where that is configured, and there alone', () => {
    expect(roleNames(member({}))).not.toContain('leastwise-assign');
    const template = Template.fromStack(
      new MemberStack(new App(), 'Member', { configuration: having(lending) }),
    ).toJSON();
    const conditional = (Object.values(template.Resources) as { Condition?: string; Type: string }[]).filter(
      ({ Condition }) => Condition !== undefined,
    );
    expect(conditional.map(({ Type }) => Type).sort()).toEqual([
      'AWS::IAM::Policy',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
    ]);
    expect(template.Conditions.AdministersIdentityCenter).toEqual({
      'Fn::Equals': [{ Ref: 'AWS::AccountId' }, administrator],
    });
    const stackOf = (account: string) =>
      new MemberStack(new App(), 'Member', {
        configuration: having(lending),
        env: { account, region: example.homeRegion },
      });
    expect(roleNames(Template.fromStack(stackOf(administrator)).toJSON().Resources)).toContain('leastwise-assign');
    expect(roleNames(Template.fromStack(stackOf('999999999999')).toJSON().Resources)).not.toContain('leastwise-assign');
  });

  test('are the reserved ones of one instance, in the accounts of the configuration, and nothing else of it', () => {
    const resources = member({ ...lending, managementAccount: administrator });
    const [statement, ...more] = statementsOf(resources, 'leastwise-assign');
    expect(more).toEqual([]);
    expect(statement?.Action).toEqual([
      'sso:CreateAccountAssignment',
      'sso:DeleteAccountAssignment',
      'sso:DescribeAccountAssignmentCreationStatus',
      'sso:DescribeAccountAssignmentDeletionStatus',
      'sso:DescribePermissionSet',
      'sso:ListAccountAssignments',
    ]);
    const others = example.accounts.map(({ id }) => id).filter((id) => id !== administrator);
    const accounts = others.map((id) => `arn:aws:sso:::account/${id}`);
    expect(statement?.Resource).toEqual([instance, set, ...accounts]);
    const reading = statementsOf(resources, 'leastwise-scan').filter(({ Action }) =>
      Action.includes('sso:ListAccountAssignments'),
    );
    expect(reading.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['sso:ListAccountAssignments'], [instance, set, ...accounts]],
    ]);
  });

  test('are assigned nowhere in the management account, also where accounts are too many to be named', () => {
    const many = Array.from({ length: 102 }, (_, n) => ({ id: String(n).padStart(12, '3'), name: `account ${n}` }));
    const configuration = { ...having({ ...lending, managementAccount: administrator }), accounts: many };
    const { Resources } = Template.fromStack(new MemberStack(new App(), 'Member', { configuration })).toJSON();
    const [allows, denies, ...more] = statementsOf(Resources, 'leastwise-assign');
    expect(allows?.Resource).toEqual([instance, set, 'arn:aws:sso:::account/*']);
    expect([denies?.Effect, denies?.Action, denies?.Resource]).toEqual([
      'Deny',
      ['sso:CreateAccountAssignment'],
      [`arn:aws:sso:::account/${administrator}`],
    ]);
    expect(more).toEqual([]);
  });
});
