import type { Organization } from '../core/access/organization.ts';
import { parseAuthorizationDetails } from '../core/identity/authorization-details.ts';
import type { OrganizationalUnit, OrganizationTree } from '../core/identity/organization-tree.ts';
import type { ResourcePolicy } from '../core/identity/resource-policy.ts';
import type { Instant } from '../core/time.ts';
import type { ManagedPolicy } from './managed-policies.ts';
import { seeded } from './random.ts';

export interface Size {
  roles: number;
  accounts: number;
  /** Managed policies a role has, least and most. */
  attached: readonly [number, number];
  resources: number;
}

/** An organization as it comes: one account's details a text, and what Organizations and the resources say. */
export interface Written {
  details: readonly string[];
  organization: string;
}

const statement = (effect: 'Allow' | 'Deny', action: string | string[], more: object = {}) => ({
  Effect: effect,
  Action: action,
  Resource: '*',
  ...more,
});
const policy = (...statements: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const full = policy(statement('Allow', '*'));
const services = ['s3', 'ec2', 'dynamodb', 'lambda', 'sqs', 'sns', 'kms', 'logs', 'cloudwatch', 'secretsmanager'];
const accountId = (index: number): string => String(100_000_000_000 + index * 7_919);

/** The same seed writes the same organization. */
export function writeOrganization(size: Size, managed: readonly ManagedPolicy[], seed = 1): Written {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const roleArns: string[] = [];
  const details = Array.from({ length: size.accounts }, (_, index) => {
    const account = accountId(index);
    const count = Math.floor(size.roles / size.accounts) + (index < size.roles % size.accounts ? 1 : 0);
    const boundaries = Array.from({ length: 4 }, (_, i) => customer(account, `boundary-${i}`, boundaryText(i)));
    const roles = Array.from({ length: count }, (_, i) => {
      const path = pick(['/', '/', '/service/', '/team/blue/']);
      const name = `role-${i}`;
      roleArns.push(`arn:aws:iam::${account}:role${path}${name}`);
      const [least, most] = size.attached;
      const own = new Set(
        Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, () => pick(managed)),
      );
      return {
        RoleName: name,
        RoleId: `AROA${String(index).padStart(4, '0')}${String(i).padStart(12, '0')}`,
        Arn: `arn:aws:iam::${account}:role${path}${name}`,
        AssumeRolePolicyDocument: trust(account, pick(['ec2', 'lambda', 'ecs-tasks', ''])),
        RolePolicyList: random() < 0.2 ? [{ PolicyName: 'own', PolicyDocument: inline(pick(services), i) }] : [],
        AttachedManagedPolicies: [...own].map(({ arn, name }) => ({ PolicyArn: arn, PolicyName: name })),
        Tags: random() < 0.5 ? [{ Key: 'team', Value: pick(['red', 'blue', 'green']) }] : [],
        ...(random() < 0.2 ? { PermissionsBoundary: { PermissionsBoundaryArn: pick(boundaries).Arn } } : {}),
      };
    });
    const used = new Set(roles.flatMap((role) => role.AttachedManagedPolicies.map(({ PolicyArn }) => PolicyArn)));
    const ofAws = managed.filter(({ arn }) => used.has(arn)).map(({ arn, name, text }) => entity(arn, name, text));
    return JSON.stringify({ RoleDetailList: roles, Policies: [...boundaries, ...ofAws] });
  });
  return { details, organization: JSON.stringify(guards(size, roleArns, pick)) };
}

/** Reads what was written: the part of compiling from JSON that comes before the engine. */
export function readOrganization({ details, organization }: Written): Organization {
  const parsed = details.map((text) => JSON.parse(text) as unknown);
  const { inventories } = parseAuthorizationDetails(parsed, '2026-01-01T00:00:00Z' as Instant);
  return { inventories, ...(JSON.parse(organization) as Pick<Organization, 'tree' | 'resources'>) };
}

const entity = (arn: string, name: string, text: string) => ({
  PolicyName: name,
  Arn: arn,
  DefaultVersionId: 'v1',
  PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: encodeURIComponent(text) }],
});

const customer = (account: string, name: string, text: string) =>
  entity(`arn:aws:iam::${account}:policy/${name}`, name, text);

const boundaryText = (index: number): string =>
  [
    policy(statement('Allow', '*'), statement('Deny', ['iam:*', 'organizations:*'])),
    policy(
      statement(
        'Allow',
        services.map((service) => `${service}:*`),
      ),
    ),
    policy({ Effect: 'Allow', NotAction: ['iam:*', 'sts:*'], Resource: '*' }),
    policy(
      statement('Allow', '*'),
      statement('Deny', 's3:*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ),
  ][index]!;

const trust = (account: string, service: string): string =>
  encodeURIComponent(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: service === '' ? { AWS: account } : { Service: `${service}.amazonaws.com` },
      },
    }),
  );

const inline = (service: string, i: number): string =>
  encodeURIComponent(
    policy(
      { Effect: 'Allow', Action: `${service}:*`, Resource: `arn:aws:${service}:*:*:team-${i % 50}*` },
      statement('Allow', 's3:GetObject', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } } }),
    ),
  );

function guards(
  { accounts, resources }: Size,
  roles: readonly string[],
  pick: <T>(list: readonly T[]) => T,
): Pick<Organization, 'tree' | 'resources'> {
  const control = (id: string, text: string) => ({ id, name: id, text });
  const unit = (index: number): OrganizationalUnit => ({
    id: `ou-abcd-0000000${index}`,
    name: `unit ${index}`,
    scps: index === 2 ? ['p-unit-2'] : ['p-full', `p-unit-${index}`],
    rcps: [],
    units: [],
    accounts: Array.from({ length: accounts }, (_, i) => i)
      .filter((i) => i % 3 === index)
      .map((i) => ({ id: accountId(i), name: `account ${i}`, scps: ['p-full', 'p-account'], rcps: [] })),
  });
  const tree: OrganizationTree = {
    v: 1,
    id: 'o-1234567890',
    managementAccount: '999999999999',
    enabled: { scps: true, rcps: true },
    policies: [
      control('p-full', full),
      control('p-region', regionControl),
      control('p-leave', policy(statement('Deny', ['organizations:LeaveOrganization', 'account:CloseAccount']))),
      control('p-unit-0', policy(statement('Deny', ['ec2:*Vpc*', 'directconnect:*']))),
      control('p-unit-1', policy(statement('Deny', 'cloudtrail:*', { Condition: exceptBreakGlass }))),
      control(
        'p-unit-2',
        policy(statement('Allow', services.map((service) => `${service}:*`).concat('iam:*', 'sts:*'))),
      ),
      control('p-account', policy(statement('Deny', ['iam:CreateUser', 'iam:CreateAccessKey']))),
      control('r-organization', organizationControl),
    ],
    root: {
      id: 'r-abcd',
      name: 'Root',
      scps: ['p-full', 'p-region', 'p-leave'],
      rcps: ['r-organization'],
      units: [unit(0), unit(1), unit(2)],
      accounts: [],
    },
    identityCenter: null,
  };
  const guarded = Array.from({ length: resources }, (_, i) => guardedResource(i, accountId(i % accounts), roles, pick));
  return { tree, resources: guarded };
}

const exceptBreakGlass = { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/break-glass' } };
const regionControl = policy({
  Effect: 'Deny',
  NotAction: ['iam:*', 'sts:*', 'organizations:*', 's3:*', 'cloudfront:*', 'route53:*', 'support:*'],
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-central-1'] } },
});
const organizationControl = policy({
  Effect: 'Deny',
  Principal: '*',
  Action: ['s3:*', 'sqs:*', 'kms:*', 'secretsmanager:*'],
  Resource: '*',
  Condition: {
    StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1234567890' },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  },
});

function guardedResource(
  i: number,
  account: string,
  roles: readonly string[],
  pick: <T>(list: readonly T[]) => T,
): ResourcePolicy {
  const region = `eu-west-1:${account}`;
  const arn = [`arn:aws:s3:::bucket-${i}`, `arn:aws:sqs:${region}:queue-${i}`, `arn:aws:kms:${region}:key/${i}`][
    i % 3
  ]!;
  const service = ['s3', 'sqs', 'kms'][i % 3]!;
  const own = (more: object): object => ({
    Effect: 'Allow',
    Action: `${service}:*`,
    Resource: service === 's3' ? [arn, `${arn}/*`] : '*',
    ...more,
  });
  const statements = [
    own({ Principal: { AWS: Array.from({ length: 1 + (i % 4) }, () => pick(roles)) } }),
    own({ Principal: '*', Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ...(service === 'kms' || i % 5 === 0 ? [own({ Principal: { AWS: `arn:aws:iam::${account}:root` } })] : []),
    ...(i % 7 === 0
      ? [own({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } } })]
      : []),
  ];
  // As S3 makes new buckets.
  const bucket = { acls: 'disabled', publicAccess: 'restricted' } as const;
  return { arn, account, policy: policy(...statements), grants: [], ...(service === 's3' ? { bucket } : {}) };
}
