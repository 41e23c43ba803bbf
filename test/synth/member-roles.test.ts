import { compile, type Engine } from '../../core/access/compiled/engine.ts';
import type { ContextValue } from '../../core/access/situation.ts';
import { actionsOfService, allActions } from '../../core/catalogue/catalogue.ts';
import { resourceReading } from '../../core/identity/reading-actions.ts';
import { inventoryOf, principal, principalsOf } from './own-roles/resolved.ts';
import { rolesOf } from './own-roles/template-roles.ts';
import { synthesize } from './synth.ts';

/** Of leastwise.config.example.json; its break-glass role lives in the security account. */
const [security, member, stranger] = ['111122223333', '444455556666', '999988887777'];
const organization = 'o-exampleorgid';
const breakGlass = `arn:aws:iam::${security}:role/break-glass`;

const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
const trustEverybody = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});

let engine: Engine;
/** Actions that the template allows, by role. */
let allowed: ReadonlyMap<string, readonly string[]>;
/** Statements that name policies of AWS, by role. */
let ofAws: readonly { name: string; actions: readonly string[] }[];

beforeAll(async () => {
  const made = await synthesize('leastwise.config.example.json');
  allowed = new Map(
    rolesOf(made.member).map(({ name, statements }) => [
      name,
      statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action),
    ]),
  );
  ofAws = rolesOf(made.member).flatMap(({ name, statements }) =>
    statements
      .filter(({ Resource }) => JSON.stringify(Resource).includes('iam::aws:policy'))
      .map(({ Action }) => ({ name, actions: [Action].flat() })),
  );
  // Administrators, and roles that only carry the names of ours, in every account.
  const others = (account: string) => [
    principal(account, 'administrator', { policies: [everything] }),
    principal(account, 'deploy', { trust: trustEverybody, policies: [everything] }),
    principal(account, 'OrganizationAccountAccessRole', { trust: trustEverybody, policies: [everything] }),
  ];
  const lookalikes = (account: string) =>
    ['leastwise-execute-restrict', 'leastwise-execute-apply', 'leastwise-execute-lend', 'leastwise-handle-slack'].map(
      (name) => principal(account, name, { trust: trustEverybody, policies: [everything] }),
    );
  engine = compile({
    tree: null,
    resources: [],
    inventories: [
      inventoryOf(security, [
        ...principalsOf(made.security, security),
        ...principalsOf(made.member, security),
        ...others(security),
      ]),
      inventoryOf(member, [...principalsOf(made.member, member), ...others(member), ...lookalikes(member)]),
      inventoryOf(stranger, [...others(stranger), ...lookalikes(stranger)]),
    ],
  });
}, 600_000);

const roleIn = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
const anything: readonly [string, ContextValue][] = [];

/** Whatever is not given is unknown, so that who only might is found too. */
function whoMayAssume(role: string, context: readonly [string, ContextValue][] = anything): string[] {
  const asked = { action: 'sts:AssumeRole', resource: role, resourceAccount: null, vpcEndpointPolicies: [] };
  const able = engine.whoCan({ ...asked, context: new Map(context), unknown: 'all' });
  return able.map((each) => each.principal);
}

/** As a session of the role, before the session policy narrows it to one target. */
function may(role: string, action: string, resource: string, context: readonly [string, ContextValue][] = anything) {
  const { outcome } = engine.evaluate({
    principal: role,
    principalKind: null,
    principalRoleArn: role,
    federatingUserArn: null,
    action,
    resource,
    resourceAccount: null,
    context: new Map(context),
    unknown: 'all',
    sessionPolicies: null,
    vpcEndpointPolicies: [],
  });
  return outcome;
}

const roles = [
  ['leastwise-restrict', ['leastwise-execute-restrict']],
  ['leastwise-apply', ['leastwise-execute-apply']],
  ['leastwise-lend', ['leastwise-execute-lend']],
  [
    'leastwise-scan',
    ['leastwise-handle-slack', 'leastwise-refresh-inventory', 'leastwise-take-inventory', 'leastwise-verify-leases'],
  ],
] as const;
const changing = roles.map(([name]) => name).filter((name) => name !== 'leastwise-scan');

describe.each(roles)('%s', (name, executors) => {
  const role = roleIn(member, name);

  test('can be assumed by its own execution role of the security account, and by nobody else at all', () => {
    expect(whoMayAssume(role).sort()).toEqual(executors.map((each) => roleIn(security, each)));
  });

  test('cannot be assumed without a source identity, or from outside the organization', () => {
    const inside: [string, ContextValue] = ['aws:principalorgid', organization];
    const named: [string, ContextValue] = ['sts:sourceidentity', 'chg-0123456789abcdef'];
    const execution = roleIn(security, executors[0]);
    const assume = (context: readonly [string, ContextValue][]) =>
      engine.evaluate({
        principal: execution,
        principalKind: null,
        principalRoleArn: execution,
        federatingUserArn: null,
        action: 'sts:AssumeRole',
        resource: role,
        resourceAccount: null,
        context: new Map(context),
        unknown: new Set(),
        sessionPolicies: null,
        vpcEndpointPolicies: [],
      }).outcome;
    expect(assume([inside, named])).toBe('allowed');
    expect(assume([inside])).toBe('implicit-deny');
    expect(assume([inside, ['sts:sourceidentity', 'x']])).toBe('implicit-deny');
    expect(assume([['aws:principalorgid', 'o-another0000'], named])).toBe('implicit-deny');
  });

  test('can do nothing but in IAM and, to scan, read what resources say; and nothing in another account', () => {
    const reading = name === 'leastwise-scan' ? Object.values(resourceReading).flat() : [];
    const beyond = allActions().filter((action) => !action.startsWith('iam:'));
    expect(beyond.length).toBeGreaterThan(10_000);
    const able = beyond.filter((action) => !may(role, action, '*').endsWith('deny'));
    // Who it is, anybody may ask; and whoever a grant of a key names may retire it.
    expect(able).toEqual([...reading, 'kms:RetireGrant', 'sts:GetCallerIdentity'].sort());
    const granted = allowed.get(name) ?? [];
    expect(granted.length).toBeGreaterThan(0);
    expect(granted.filter((action) => !action.startsWith('iam:') && !reading.includes(action))).toEqual([]);
    for (const { action } of actionsOfService('iam')) {
      if (action === 'iam:GetAccountAuthorizationDetails') continue;
      expect(`${action} ${may(role, action, `arn:aws:iam::${stranger}:user/ann`)}`).toMatch(/deny$/);
    }
  });
});

/** What must never be touched, in the account whose stack names it. */
const outOfReach = [
  ['break-glass', breakGlass],
  ['a service-linked role', roleIn(security, 'aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS')],
  [
    'a role of Identity Center',
    roleIn(security, 'aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Admin_0123456789abcdef'),
  ],
  ['the role that the CDK deploys with', roleIn(security, 'cdk-hnb659fds-cfn-exec-role-111122223333-eu-central-1')],
  ['the role of StackSets', roleIn(security, 'stacksets-exec-0123456789abcdef')],
  ['the role of Control Tower', roleIn(security, 'AWSControlTowerExecution')],
  ['the organization’s own role', roleIn(security, 'OrganizationAccountAccessRole')],
  ...[...roles.map(([name]) => name), 'leastwise-forward', 'leastwise-execute-restrict', 'leastwise-handle-slack'].map(
    (name) => [name, roleIn(security, name)] as const,
  ),
] as const;

describe.each(changing)('%s never touches', (name) => {
  const role = roleIn(security, name);

  test.each(outOfReach)('%s, by any action of IAM', (_, target) => {
    const actions = actionsOfService('iam').map(({ action }) => action);
    expect(actions.length).toBeGreaterThan(150);
    const tagged: [string, ContextValue] = ['aws:resourcetag/leastwise:beneficiary', 'somebody'];
    expect(actions.filter((action) => !may(role, action, target, [tagged]).endsWith('deny'))).toEqual([]);
  });
});

/** Every action of IAM that a role may use on anything, and nothing beside. */
test.each([
  [
    'leastwise-restrict',
    ['user/ann', 'role/work'],
    [
      'DeleteRolePolicy',
      'DeleteUserPolicy',
      'GetRolePolicy',
      'GetUserPolicy',
      'ListAccessKeys',
      'PutRolePolicy',
      'PutUserPolicy',
      'UpdateAccessKey',
    ],
  ],
  [
    'leastwise-apply',
    ['user/ann', 'role/work', 'policy/own'],
    [
      'AttachRolePolicy',
      'AttachUserPolicy',
      'CreatePolicyVersion',
      'DeletePolicyVersion',
      'DeleteRolePolicy',
      'DeleteUserPolicy',
      'DetachRolePolicy',
      'DetachUserPolicy',
      'GetPolicy',
      'GetPolicyVersion',
      'GetRolePolicy',
      'GetUserPolicy',
      'ListAttachedRolePolicies',
      'ListAttachedUserPolicies',
      'ListPolicyVersions',
      'PutRolePolicy',
      'PutUserPolicy',
      'SetDefaultPolicyVersion',
    ],
  ],
  [
    'leastwise-lend',
    ['user/ann', 'role/work'],
    ['DeleteRolePolicy', 'DeleteUserPolicy', 'GetRolePolicy', 'GetUserPolicy', 'PutRolePolicy', 'PutUserPolicy'],
  ],
])('%s can do its work in IAM and no other', (name, targets, expected) => {
  const able = actionsOfService('iam')
    .map(({ action }) => action)
    .filter((action) =>
      targets.some((target) => !may(roleIn(member, name), action, `arn:aws:iam::${member}:${target}`).endsWith('deny')),
    );
  expect(able.map((action) => action.replace('iam:', '')).sort()).toEqual(expected);
});

test('makes and deletes policies under its own path only, and of AWS’s it reads', () => {
  const role = roleIn(member, 'leastwise-apply');
  const able = (policy: string) =>
    actionsOfService('iam')
      .map(({ action }) => action.replace('iam:', ''))
      .filter((action) => !may(role, `iam:${action}`, policy).endsWith('deny'));
  const own = able(`arn:aws:iam::${member}:policy/leastwise/trial-1`);
  const ofThem = able(`arn:aws:iam::${member}:policy/own`);
  expect(own.filter((action) => !ofThem.includes(action))).toEqual(['CreatePolicy', 'DeletePolicy']);
  expect(ofAws.filter(({ name }) => name === 'leastwise-apply')).toEqual([
    { name: 'leastwise-apply', actions: ['iam:GetPolicy', 'iam:GetPolicyVersion'] },
  ]);
  expect(ofAws.filter(({ name }) => name !== 'leastwise-apply')).toEqual([]);
});

test('lends only to who carries the tag', () => {
  const role = roleIn(member, 'leastwise-lend');
  const ask = (context: readonly [string, ContextValue][]) =>
    engine.evaluate({
      principal: role,
      principalKind: null,
      principalRoleArn: role,
      federatingUserArn: null,
      action: 'iam:PutRolePolicy',
      resource: roleIn(member, 'work'),
      resourceAccount: null,
      context: new Map(context),
      unknown: new Set(),
      sessionPolicies: null,
      vpcEndpointPolicies: [],
    }).outcome;
  expect(ask([['aws:resourcetag/leastwise:beneficiary', 'federated:x']])).toBe('allowed');
  expect(ask([])).toBe('implicit-deny');
});
