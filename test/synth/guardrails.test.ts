import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, type Engine } from '../../core/access/compiled/engine.ts';
import type { ContextValue } from '../../core/access/situation.ts';
import { fullAccess } from '../../core/identity/organization-tree.ts';
import { inventoryOf, principal } from './own-roles/resolved.ts';
import { ofType, type Resource, synthesize } from './synth.ts';

/** Of leastwise.config.example.json, but for the bucket's owner. */
const [security, member, management] = ['111122223333', '444455556666', '777766665555'];
const bucket = 'arn:aws:s3:::name-of-your-organization-trail-bucket';
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

let engine: Engine;
let texts: ReadonlyMap<string, string>;
let template: Record<string, Resource>;

beforeAll(async () => {
  const { folder } = await synthesize('leastwise.config.example.json');
  template = JSON.parse(readFileSync(join(folder, 'LeastwiseGuardrails.template.json'), 'utf8')).Resources;
  texts = new Map(
    ofType(template, 'AWS::Organizations::Policy').map(([, { Properties }]) => [
      Properties.Name,
      JSON.stringify(Properties.Content),
    ]),
  );
  const names = ['admin', 'leastwise-restrict', 'leastwise-apply', 'stacksets-exec-1', 'break-glass'];
  const admins = (account: string) =>
    inventoryOf(
      account,
      names.map((name) => principal(account, name, { trust: everything, policies: [everything] })),
    );
  const account = (id: string) => ({ id, name: id, scps: [fullAccess.id], rcps: [] });
  engine = compile({
    inventories: [security, member, management].map(admins),
    resources: [],
    tree: {
      v: 1,
      id: 'o-exampleorgid',
      managementAccount: management,
      enabled: { scps: true, rcps: false },
      policies: [fullAccess, ...[...texts].map(([name, text]) => ({ id: name, name, text }))],
      root: {
        id: 'r-ab12',
        name: 'Root',
        scps: [fullAccess.id, ...texts.keys()],
        rcps: [],
        units: [],
        accounts: [security, member, management].map(account),
      },
      identityCenter: null,
    },
  });
}, 600_000);

type Context = Record<string, ContextValue>;

/** In the member account, where not said. */
function may(name: string, action: string, resource: string, context: Context = {}, account = member): boolean {
  const arn = `arn:aws:iam::${account}:role/${name}`;
  const { outcome } = engine.evaluate({
    principal: arn,
    principalKind: null,
    principalRoleArn: arn,
    federatingUserArn: null,
    action,
    resource,
    resourceAccount: account,
    context: new Map(Object.entries(context)),
    unknown: new Set(),
    sessionPolicies: null,
    vpcEndpointPolicies: [],
  });
  expect(['allowed', 'explicit-deny']).toContain(outcome);
  return outcome === 'allowed';
}

const user = `arn:aws:iam::${member}:user/mallory`;
const ours = (type: string, name: string) => `arn:aws:iam::${member}:${type}/${name}`;
const ourDeny = { 'iam:policyarn': ours('policy', 'leastwise-deny') };
const inQuarantine = { 'aws:resourcetag/leastwise:quarantine': 'chg-1' };

test('both policies fit into an SCP, and neither gives anything', () => {
  expect([...texts.keys()].sort()).toEqual(['leastwise-contained', 'leastwise-standing']);
  for (const text of texts.values()) {
    expect(text.length).toBeLessThanOrEqual(5120);
    expect(text).not.toContain('"Allow"');
  }
});

test('a Deny of ours is attached and detached by restrict alone', () => {
  for (const action of ['iam:AttachUserPolicy', 'iam:DetachUserPolicy']) {
    expect(may('admin', action, user, ourDeny)).toBe(false);
    expect(may('leastwise-apply', action, user, ourDeny)).toBe(false);
    expect(may('leastwise-restrict', action, user, ourDeny)).toBe(true);
    expect(may('admin', action, user, { 'iam:policyarn': ours('policy', 'theirs') })).toBe(true);
  }
});

test('whoever is tagged as in quarantine keeps their inline Deny and their keys as restrict left them', () => {
  for (const action of ['iam:DeleteUserPolicy', 'iam:PutUserPolicy', 'iam:UpdateAccessKey', 'iam:UntagUser']) {
    expect(may('admin', action, user, inQuarantine)).toBe(false);
    expect(may('leastwise-restrict', action, user, inQuarantine)).toBe(true);
    expect(may('admin', action, user)).toBe(true);
  }
});

test.each([
  ['iam:CreateRole', ours('role', 'leastwise-forward')],
  ['iam:UpdateAssumeRolePolicy', ours('role', 'leastwise-restrict')],
  ['iam:PutRolePolicy', ours('role', 'leastwise-scan')],
  ['iam:DeleteRole', ours('role', 'leastwise-lend')],
  ['iam:DeleteRolePermissionsBoundary', ours('role', 'leastwise-lend')],
  ['iam:CreatePolicyVersion', ours('policy', 'leastwise-lending-boundary')],
  ['events:DisableRule', `arn:aws:events:eu-central-1:${member}:rule/leastwise-fast-lane-1`],
  ['events:RemoveTargets', `arn:aws:events:us-east-1:${member}:rule/leastwise-fast-lane-3`],
])('%s on %s is for who deploys it', (action, resource) => {
  expect(may('admin', action, resource)).toBe(false);
  expect(may('leastwise-restrict', action, resource)).toBe(false);
  expect(may('stacksets-exec-1', action, resource)).toBe(true);
});

test('what is not ours stays theirs', () => {
  expect(may('admin', 'iam:UpdateAssumeRolePolicy', ours('role', 'service'))).toBe(true);
  expect(may('admin', 'iam:CreatePolicyVersion', ours('policy', 'service'))).toBe(true);
  expect(may('admin', 'events:DisableRule', `arn:aws:events:eu-central-1:${member}:rule/theirs`)).toBe(true);
  expect(may('admin', 's3:DeleteObject', 'arn:aws:s3:::theirs/key')).toBe(true);
  expect(may('admin', 'cloudtrail:DeleteTrail', `arn:aws:cloudtrail:eu-central-1:${member}:trail/theirs`)).toBe(true);
});

test.each([
  ['cloudtrail:StopLogging', `arn:aws:cloudtrail:eu-central-1:${management}:trail/organization`],
  ['s3:DeleteObject', `${bucket}/AWSLogs/o-exampleorgid/file.json.gz`],
  ['s3:PutLifecycleConfiguration', bucket],
])('%s ends the record, and not even restrict may', (action, resource) => {
  expect(may('admin', action, resource)).toBe(false);
  expect(may('leastwise-restrict', action, resource)).toBe(false);
});

test('the break-glass role is spared, in its account; SCPs do not reach the management account', () => {
  const role = `arn:aws:iam::${security}:role/leastwise-scan`;
  expect(may('break-glass', 'iam:DeleteRole', role, {}, security)).toBe(true);
  expect(may('break-glass', 'iam:DeleteRole', ours('role', 'leastwise-scan'))).toBe(false);
  expect(may('admin', 'iam:DeleteRole', `arn:aws:iam::${management}:role/leastwise-scan`, {}, management)).toBe(true);
});

test('nobody is contained until somebody is named', () => {
  const session = (id: string) => ({ 'identitystore:userid': id });
  expect(may('admin', 's3:ListAllMyBuckets', '*', session('906722f2-1'))).toBe(true);
  expect(may('admin', 's3:ListAllMyBuckets', '*', session('nobody'))).toBe(false);
});

test('the delegation lets one role change one policy, and is adopted only where somebody says so', () => {
  const [[, delegation] = []] = ofType(template, 'AWS::Organizations::ResourcePolicy');
  expect(delegation).toMatchObject({ Condition: 'IsDelegated' });
  const [contained] =
    ofType(template, 'AWS::Organizations::Policy').find(
      ([, { Properties }]) => Properties.Name === 'leastwise-contained',
    ) ?? [];
  expect(delegation?.Properties.Content.Statement).toEqual([
    {
      Sid: 'LeastwiseContain',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${security}:root` },
      Action: ['organizations:DescribePolicy', 'organizations:UpdatePolicy'],
      Resource: { 'Fn::GetAtt': [contained, 'Arn'] },
      Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${security}:role/leastwise-contain` } },
    },
  ]);
});
