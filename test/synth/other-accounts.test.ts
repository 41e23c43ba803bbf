import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ofType, type Resource, type Synthesized, synthesize } from './synth.ts';

let made: Synthesized;

beforeAll(async () => {
  made = await synthesize('leastwise.config.example.json');
}, 600_000);

type Resources = Record<string, Resource>;

const templateOf = (stack: string): { Resources: Resources } =>
  JSON.parse(readFileSync(join(made.folder, `${stack}.template.json`), 'utf8'));
/** Of leastwise.config.example.json. */
const [home, global] = ['eu-central-1', 'us-east-1'];
const bus = `arn:aws:events:${home}:111122223333:event-bus/leastwise-events`;

const sets = () =>
  new Map(
    ofType(made.security, 'AWS::CloudFormation::StackSet').map(([, { Properties }]) => [
      Properties.StackSetName,
      Properties,
    ]),
  );

test('member accounts get their stacks by StackSets of a delegated administrator, those that join later too', () => {
  expect([...sets().keys()].sort()).toEqual(['leastwise-fast-lane', 'leastwise-member', 'leastwise-sign-ins']);
  for (const set of sets().values()) {
    expect(set).toMatchObject({
      PermissionModel: 'SERVICE_MANAGED',
      CallAs: 'DELEGATED_ADMIN',
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
      ManagedExecution: { Active: true },
    });
    expect(set.StackInstancesGroup).toHaveLength(1);
    expect(set.StackInstancesGroup[0].DeploymentTargets).toEqual({ OrganizationalUnitIds: ['r-ab12'] });
    expect(set.TemplateBody.length).toBeLessThanOrEqual(51_200);
  }
});

test('the roles are made once; the fast lane is laid in every region in use and where global services tell', () => {
  const regions = (name: string) => sets().get(name)?.StackInstancesGroup[0].Regions;
  expect(regions('leastwise-member')).toEqual([home]);
  expect(regions('leastwise-fast-lane')).toEqual([home, global]);
  expect(regions('leastwise-sign-ins')).toHaveLength(15);
  expect(regions('leastwise-sign-ins')).not.toContain(global);
});

test('in an account that joins, the roles come before the rules that name them', () => {
  for (const name of ['leastwise-fast-lane', 'leastwise-sign-ins']) {
    const arn = JSON.stringify(sets().get(name)?.AutoDeployment.DependsOn);
    expect(arn).toContain(':stackset/');
    expect(arn).toContain('MembersRoles');
  }
});

test.each([
  ['leastwise-member', 'LeastwiseMember'],
  ['leastwise-fast-lane', 'LeastwiseMemberRegion'],
  ['leastwise-sign-ins', 'LeastwiseMemberSignIns'],
])('%s carries the template of %s, whose rules were checked', (set, stack) => {
  const bare = (resources: Resources) =>
    Object.values(resources)
      .filter(({ Type }) => Type !== 'AWS::CDK::Metadata')
      .map(({ Type, Properties }) => ({ Type, Properties }));
  const carried = JSON.parse(sets().get(set)?.TemplateBody) as { Resources: Resources; Parameters?: unknown };
  expect(bare(carried.Resources)).toEqual(bare(templateOf(stack).Resources));
  // Accounts that StackSets reach were never bootstrapped.
  expect(carried.Parameters).toBeUndefined();
});

test('the management account, which StackSets skip, gets the same by stacks of its own', () => {
  const actual = ofType(templateOf('LeastwiseManagement').Resources, 'AWS::IAM::Role').map(
    ([, { Properties }]) => Properties.RoleName,
  );
  const member = ofType(made.member, 'AWS::IAM::Role').map(([, { Properties }]) => Properties.RoleName);
  expect(actual).toEqual(member);
  for (const region of [home, global])
    expect(Object.keys(templateOf(`LeastwiseManagement-${region}`).Resources)).toEqual(
      Object.keys(templateOf('LeastwiseMemberRegion').Resources),
    );
});

const rules = (resources: Resources) => ofType(resources, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);

test('every rule of the fast lane forwards straight to the home region, under the one role that the bus admits', () => {
  for (const stack of ['LeastwiseMemberRegion', 'LeastwiseMemberSignIns']) {
    expect(rules(templateOf(stack).Resources).length).toBeGreaterThan(1);
    for (const { Targets } of rules(templateOf(stack).Resources)) {
      expect(Targets).toHaveLength(1);
      expect(Targets[0].Arn).toBe(bus);
      expect(JSON.stringify(Targets[0].RoleArn)).toMatch(/:role\/leastwise-forward"/);
    }
  }
});

test('every rule of the fast lane lets calls that only read pass, comes from AWS alone, and fits into EventBridge', () => {
  const central = rules(made.security).filter(({ EventPattern }) =>
    EventPattern?.['detail-type']?.join().includes('via CloudTrail'),
  );
  // Into the ledger; who left Identity Center; who vouches for its sessions.
  expect(central).toHaveLength(3);
  const every = [
    ...central,
    ...['LeastwiseMemberRegion', 'LeastwiseMemberSignIns'].flatMap((stack) => rules(templateOf(stack).Resources)),
  ];
  for (const { State, EventPattern } of every) {
    expect(State).toBe('ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
    expect(EventPattern.source).toEqual([{ prefix: 'aws.' }]);
    expect(JSON.stringify(EventPattern).length).toBeLessThanOrEqual(2048);
  }
});

test('every rule of the central bus has that state: `doctor` takes any other for a fault', () => {
  const onBus = rules(made.security).filter(({ EventBusName }) => EventBusName?.Ref?.startsWith('IngestionBus'));
  expect(onBus.length).toBeGreaterThanOrEqual(2);
  for (const { State } of onBus) expect(State).toBe('ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
});

test('no source for tests is in any template', () => {
  const stacks = [
    'Leastwise',
    'LeastwiseMember',
    'LeastwiseMemberRegion',
    'LeastwiseMemberSignIns',
    'LeastwiseManagement',
  ];
  for (const stack of stacks) expect(JSON.stringify(templateOf(stack))).not.toMatch(/leastwise\.test|aws\.test/);
});
