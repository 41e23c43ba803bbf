import { type Instant, plusSeconds } from '../../core/time.ts';
import { type AccountName, accountNames, accounts } from './accounts.ts';
import { actionOf } from './calls.ts';
import { type Grant, members, permissionSets, type SetName } from './people.ts';
import { contractorUses } from './people-day.ts';
import { builder, pipeline } from './pipeline.ts';
import { seasonal } from './seasonal.ts';
import type { Workload } from './workload.ts';
import { workloads } from './workloads.ts';
import { type IdentityRef, reservedRoleOf, roleOf, userOf, type World } from './world.ts';

/** An identity with its policies, as IAM holds it: documents are text. */
export interface SampleIdentity extends IdentityRef {
  createdAt: Instant;
  trust: string | null;
  tags: Record<string, string>;
  inline: { name: string; text: string }[];
  attached: string[];
}

export interface SamplePolicy {
  name: string;
  arn: string;
  text: string;
}

export interface AccountIdentities {
  identities: SampleIdentity[];
  managed: SamplePolicy[];
}

interface Statement {
  Sid: string;
  Effect: 'Allow' | 'Deny';
  Action: string[];
  Resource: string | string[];
  Condition?: unknown;
}

/** People indent as their editor does; IAM keeps every byte. */
const document = (statements: Statement[], indent = 4): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, indent);

const allow = (Sid: string, Action: string[]): Statement => ({ Sid, Effect: 'Allow', Action, Resource: '*' });

const usedBy = (grant: Grant): string[] => [...new Set(grant.uses.map(([use]) => actionOf(use)))];

const trustOf = (principal: unknown, action = 'sts:AssumeRole'): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: action }] });

/** All identities of an account. Every policy allows what its holder does, and more. */
export function identitiesOf(world: World, account: AccountName): AccountIdentities {
  const managed: SamplePolicy[] = [];
  const identities = [
    ...[...workloads, ...seasonal]
      .filter((each) => each.account === account)
      .map((each) => workloadOf(world, each, managed)),
    ...setsIn(account).map((set) => reservedOf(world, account, set)),
    ...ciOf(world, account, managed),
    ...carrierOf(world, account),
    recorderOf(world, account),
  ];
  if (account === 'staging') identities.push(contractorOf(world));
  return { identities: identities.sort((a, b) => (a.arn < b.arn ? -1 : 1)), managed };
}

const born = (world: World, daysBefore: number): Instant => plusSeconds(world.end, -daysBefore * 86_400);
const age = (name: string): number => 420 + name.length * 13;

const services = { task: 'ecs-tasks.amazonaws.com', function: 'lambda.amazonaws.com', instance: 'ec2.amazonaws.com' };

function workloadOf(world: World, workload: Workload, managed: SamplePolicy[]): SampleIdentity {
  const user = workload.runs === 'user';
  const ref = user
    ? userOf(world, workload.account, workload.name)
    : roleOf(world, workload.account, workload.name, '/service/');
  const { inline, own } = policiesOf(workload, accounts[workload.account]);
  managed.push(...own);
  return {
    ...ref,
    createdAt: born(world, age(workload.name)),
    trust: workload.runs === 'user' ? null : trustOf({ Service: services[workload.runs] }),
    tags: { team: workload.account === 'data' ? 'data' : 'platform' },
    inline,
    attached: own.map((policy) => policy.arn),
  };
}

function policiesOf(
  workload: Workload,
  account: string,
): { inline: { name: string; text: string }[]; own: SamplePolicy[] } {
  const used = usedBy(workload);
  const inlineOf = (statements: Statement[]) => [{ name: `${workload.name}-policy`, text: document(statements) }];
  switch (workload.style) {
    case 'exact':
      return { inline: inlineOf([allow('Work', interleave(used, workload.idle))]), own: [] };
    case 'two-policies': {
      const name = `${workload.name}-operations`;
      const text = document([allow('Operations', [...workload.idle])], 2);
      return {
        inline: inlineOf([allow('Work', used)]),
        own: [{ name, arn: `arn:aws:iam::${account}:policy/${name}`, text }],
      };
    }
    case 'wildcard': {
      const wild = used
        .filter((action) => action.includes(':Describe'))
        .map((action) => `${action.split(':')[0]}:Describe*`);
      const exact = used.filter((action) => !action.includes(':Describe'));
      return {
        inline: inlineOf([allow('Look', [...new Set(wild)]), allow('Act', [...exact, ...workload.idle])]),
        own: [],
      };
    }
    case 'conditional': {
      const inRegion = { StringEquals: { 'aws:RequestedRegion': workload.region } };
      return {
        inline: inlineOf([allow('Look', used), { ...allow('Act', [...workload.idle]), Condition: inRegion }]),
        own: [],
      };
    }
  }
}

/** Policies grow by whoever needed something last: used and unused lie side by side. */
const interleave = (used: readonly string[], idle: readonly string[]): string[] =>
  Array.from({ length: Math.max(used.length, idle.length) }, (_, i) => [used[i], idle[i]])
    .flat()
    .filter((action) => action !== undefined);

const setsIn = (account: AccountName): SetName[] =>
  [
    ...new Set(members.flatMap((member) => member.access.filter((a) => a.account === account).map((a) => a.set))),
  ].sort();

function reservedOf(world: World, account: AccountName, set: SetName): SampleIdentity {
  const provider = `arn:aws:iam::${accounts[account]}:saml-provider/AWSSSO_0a1b2c3d4e5f6071_DO_NOT_DELETE`;
  const grant = permissionSets[set];
  return {
    ...reservedRoleOf(world, account, set),
    createdAt: born(world, 600),
    trust: trustOf({ Federated: provider }, 'sts:AssumeRoleWithSAML'),
    tags: {},
    inline: [{ name: 'AwsSSOInlinePolicy', text: document([allow('Set', [...usedBy(grant), ...grant.idle])]) }],
    attached: [],
  };
}

function ciOf(world: World, account: AccountName, managed: SamplePolicy[]): SampleIdentity[] {
  if (account === 'tooling') {
    const provider = `arn:aws:iam::${accounts.tooling}:oidc-provider/token.actions.githubusercontent.com`;
    const text = document([allow('Build', [...usedBy(builder), ...builder.idle])]);
    const trust = trustOf({ Federated: provider }, 'sts:AssumeRoleWithWebIdentity');
    return [
      {
        ...roleOf(world, account, 'build', '/ci/'),
        createdAt: born(world, 500),
        trust,
        tags: { team: 'platform' },
        inline: [{ name: 'build', text }],
        attached: [],
      },
    ];
  }
  if (account !== 'staging' && account !== 'production') return [];
  const policy = {
    name: 'deploy-services',
    arn: `arn:aws:iam::${accounts[account]}:policy/deploy-services`,
    text: document([allow('Deploy', [...usedBy(pipeline), ...pipeline.idle])], 2),
  };
  managed.push(policy);
  const trust = trustOf({ AWS: roleOf(world, 'tooling', 'build', '/ci/').arn });
  return [
    {
      ...roleOf(world, account, 'deploy', '/ci/'),
      createdAt: born(world, 480),
      trust,
      tags: { team: 'platform' },
      inline: [],
      attached: [policy.arn],
    },
  ];
}

/** The role that one person gets lent access on; nobody else can enter it. */
export const carrierName = 'support-access-ines';
export const carrierPerson = 'ines';

function carrierOf(world: World, account: AccountName): SampleIdentity[] {
  if (account !== 'production') return [];
  const reserved = reservedRoleOf(world, 'production', 'ReadOnly');
  const session = `arn:aws:sts::${reserved.account}:assumed-role/${reserved.name}/${carrierPerson}`;
  return [
    {
      ...roleOf(world, account, carrierName),
      createdAt: born(world, 200),
      trust: trustOf({ AWS: session }),
      tags: { 'leastwise:beneficiary': carrierPerson },
      inline: [
        { name: 'look', text: document([allow('Look', ['cloudwatch:DescribeAlarms', 'logs:DescribeLogGroups'])]) },
      ],
      attached: [],
    },
  ];
}

function recorderOf(world: World, account: AccountName): SampleIdentity {
  const path = '/aws-service-role/config.amazonaws.com/';
  const trust = trustOf({ Service: 'config.amazonaws.com' });
  return {
    ...roleOf(world, account, 'AWSServiceRoleForConfig', path),
    createdAt: born(world, 700),
    trust,
    tags: {},
    inline: [],
    attached: ['arn:aws:iam::aws:policy/aws-service-role/AWSConfigServiceRolePolicy'],
  };
}

function contractorOf(world: World): SampleIdentity {
  const used = usedBy({ uses: contractorUses, idle: [] });
  const idle = ['lambda:DeleteFunction', 'lambda:AddPermission', 'iam:PassRole', 'cloudformation:DeleteStack'];
  return {
    ...userOf(world, 'staging', 'jonas'),
    createdAt: born(world, 190),
    trust: null,
    tags: { team: 'contractors' },
    inline: [{ name: 'contractor', text: document([allow('Work', [...used, ...idle])]) }],
    attached: [],
  };
}

/** Users and how they stand, for the access keys that authorization details leave out. */
export const usersOf = (world: World): IdentityRef[] => [
  ...accountNames.flatMap((account) =>
    workloads
      .filter((each) => each.account === account && each.runs === 'user')
      .map((each) => userOf(world, account, each.name)),
  ),
  userOf(world, 'staging', 'jonas'),
];
