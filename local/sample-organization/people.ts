import type { AccountName } from './accounts.ts';

/** A member of the organization, and how they come to AWS. */
export interface Member {
  id: string;
  name: string;
  /** Permission sets by account; empty for IAM users. */
  access: readonly { account: AccountName; set: SetName; weight: number }[];
  /** Identity Center names the person in `onBehalfOf` where the session is an enhanced one. */
  enhanced: boolean;
  /** Day of joining as a share of the window; 0: was here before. */
  joins: number;
  network: string;
  agent: 'console' | 'cli-mac' | 'cli-linux';
}

/** One of `uses` with its weight; `@` names the resource. `idle` is granted and never used. */
export interface Grant {
  uses: readonly (readonly [string, number])[];
  idle: readonly string[];
}

export type SetName = 'Developer' | 'Operator' | 'Analyst' | 'Auditor' | 'ReadOnly' | 'Administrator';

export const permissionSets: Record<SetName, Grant> = {
  Developer: {
    uses: [
      ['logs:FilterLogEvents@orders', 9],
      ['logs:DescribeLogGroups', 6],
      ['logs:StartQuery@orders', 4],
      ['logs:GetQueryResults', 5],
      ['lambda:ListFunctions', 5],
      ['lambda:GetFunction@resize-images', 4],
      ['lambda:UpdateFunctionCode@resize-images', 2],
      ['ecs:DescribeServices@orders', 5],
      ['ecs:ListTasks@orders', 4],
      ['ecs:UpdateService@orders', 1],
      ['cloudformation:DescribeStacks', 4],
      ['cloudformation:DescribeStackEvents@orders', 3],
      ['cloudwatch:DescribeAlarms', 2],
      ['s3:ListAllMyBuckets', 3],
      ['sqs:GetQueueAttributes@orders', 2],
      ['ssm:GetParameter@orders/feature-flags', 1],
    ],
    idle: [
      'lambda:DeleteFunction',
      'ecs:DeleteService',
      'cloudformation:DeleteStack',
      'sqs:PurgeQueue',
      'iam:PassRole',
    ],
  },
  Operator: {
    uses: [
      ['cloudwatch:DescribeAlarms', 9],
      ['ec2:DescribeInstances', 7],
      ['ec2:DescribeInstanceStatus', 4],
      ['elasticloadbalancing:DescribeTargetHealth@orders', 5],
      ['rds:DescribeDBInstances', 5],
      ['ecs:DescribeServices@orders', 6],
      ['logs:FilterLogEvents@orders', 6],
      ['autoscaling:DescribeAutoScalingGroups', 3],
      ['ssm:StartSession@i-0a1b2c3d4e5f60718', 1],
      ['ecs:UpdateService@orders', 1],
    ],
    idle: [
      'rds:RebootDBInstance',
      'rds:DeleteDBInstance',
      'ec2:TerminateInstances',
      'autoscaling:UpdateAutoScalingGroup',
      'secretsmanager:GetSecretValue',
      'ec2:AuthorizeSecurityGroupIngress',
      'iam:CreateAccessKey',
    ],
  },
  Analyst: {
    uses: [
      ['athena:StartQueryExecution@orders', 9],
      ['athena:GetQueryExecution', 9],
      ['athena:ListWorkGroups', 3],
      ['glue:GetDatabases', 4],
      ['glue:GetTables@orders', 5],
      ['s3:ListAllMyBuckets', 3],
      ['quicksight:DescribeDashboard@sales', 2],
    ],
    idle: ['glue:DeleteTable', 'glue:UpdateTable', 'athena:DeleteWorkGroup', 's3:PutBucketPolicy', 's3:GetObject'],
  },
  Auditor: {
    uses: [
      ['iam:ListUsers', 4],
      ['iam:ListRoles', 5],
      ['iam:GetRole@deploy', 4],
      ['iam:ListAttachedRolePolicies@deploy', 3],
      ['cloudtrail:DescribeTrails', 3],
      ['cloudtrail:GetTrailStatus@organization-trail', 3],
      ['cloudtrail:LookupEvents', 5],
      ['config:DescribeConfigRules', 2],
      ['guardduty:ListFindings', 4],
      ['s3:GetBucketPolicy@sample-organization-trail', 2],
    ],
    idle: ['iam:GetAccountAuthorizationDetails', 'iam:GenerateCredentialReport', 'organizations:ListAccounts'],
  },
  ReadOnly: {
    uses: [
      ['ec2:DescribeInstances', 4],
      ['ecs:DescribeServices@orders', 5],
      ['cloudwatch:DescribeAlarms', 5],
      ['logs:FilterLogEvents@orders', 7],
      ['s3:ListAllMyBuckets', 2],
    ],
    idle: ['rds:DescribeDBInstances', 'lambda:ListFunctions', 'dynamodb:DescribeTable', 'kms:ListKeys'],
  },
  Administrator: {
    uses: [
      ['iam:ListRoles', 4],
      ['iam:GetPolicy@deploy-services', 3],
      ['iam:CreatePolicyVersion@deploy-services', 1],
      ['cloudformation:DescribeStacks', 4],
      ['ec2:DescribeVpcs', 3],
      ['route53:ListHostedZones', 2],
      ['kms:ListKeys', 2],
    ],
    idle: [
      'iam:CreateRole',
      'iam:DeleteRole',
      'iam:AttachRolePolicy',
      'organizations:LeaveOrganization',
      'kms:ScheduleKeyDeletion',
    ],
  },
};

const office = '198.51.100.24';
const at = (account: AccountName, set: SetName, weight = 1) => ({ account, set, weight });

export const members: readonly Member[] = [
  {
    id: 'ada',
    name: 'Ada',
    access: [at('production', 'Operator', 3), at('tooling', 'Administrator')],
    enhanced: true,
    joins: 0,
    network: office,
    agent: 'cli-mac',
  },
  {
    id: 'bruno',
    name: 'Bruno',
    access: [at('production', 'Operator', 3), at('staging', 'Developer')],
    enhanced: false,
    joins: 0,
    network: office,
    agent: 'cli-linux',
  },
  {
    id: 'chen',
    name: 'Chen',
    access: [at('staging', 'Developer', 4), at('production', 'ReadOnly')],
    enhanced: true,
    joins: 0,
    network: '203.0.113.41',
    agent: 'cli-mac',
  },
  {
    id: 'dana',
    name: 'Dana',
    access: [at('security', 'Auditor', 3), at('production', 'Auditor'), at('data', 'Auditor')],
    enhanced: true,
    joins: 0,
    network: office,
    agent: 'console',
  },
  {
    id: 'elif',
    name: 'Elif',
    access: [at('data', 'Analyst')],
    enhanced: false,
    joins: 0,
    network: '203.0.113.77',
    agent: 'console',
  },
  {
    id: 'farid',
    name: 'Farid',
    access: [at('staging', 'Developer', 3), at('production', 'Operator')],
    enhanced: true,
    joins: 0,
    network: '203.0.113.112',
    agent: 'cli-linux',
  },
  {
    id: 'greta',
    name: 'Greta',
    access: [at('staging', 'Developer', 3), at('production', 'ReadOnly')],
    enhanced: false,
    joins: 0,
    network: office,
    agent: 'cli-mac',
  },
  {
    id: 'hugo',
    name: 'Hugo',
    access: [at('data', 'Analyst', 2), at('data', 'Developer')],
    enhanced: true,
    joins: 0,
    network: office,
    agent: 'cli-linux',
  },
  {
    id: 'ines',
    name: 'Ines',
    access: [at('production', 'ReadOnly')],
    enhanced: true,
    joins: 0,
    network: office,
    agent: 'console',
  },
  { id: 'jonas', name: 'Jonas', access: [], enhanced: false, joins: 0, network: '203.0.113.190', agent: 'cli-linux' },
  {
    id: 'kira',
    name: 'Kira',
    access: [at('staging', 'Developer', 3), at('production', 'ReadOnly')],
    enhanced: true,
    joins: 0.55,
    network: '203.0.113.58',
    agent: 'cli-mac',
  },
  {
    id: 'leo',
    name: 'Leo',
    access: [at('data', 'Analyst')],
    enhanced: false,
    joins: 0.85,
    network: office,
    agent: 'console',
  },
];

/** Each has the pager for a week, in turn. */
export const onCall = ['bruno', 'ada', 'farid'] as const;
