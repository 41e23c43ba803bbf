import { all, byDay, type Occasion, some } from './occasion.ts';

const serviceUsers = [
  'legacy-deploy',
  'monitoring-reader',
  'backup-agent',
  'mail-relay',
  'partner-feed',
  'metrics-push',
];

/** What those who run the platform do now and then. */
export const platformOccasions: readonly Occasion[] = [
  {
    kind: 'rotation',
    who: 'platform',
    times: 5,
    sessions: 1,
    hours: byDay,
    steps: (random) => [
      ...all('iam:ListUsers', 'iam:GetCredentialReport'),
      ...serviceUsers
        .filter(() => random.chance(0.7))
        .flatMap((user) => [
          ...all(
            `iam:ListAccessKeys@${user}`,
            `iam:CreateAccessKey@${user}`,
            'secretsmanager:PutSecretValue@legacy/deploy',
          ),
          ...some(0.9, `iam:UpdateAccessKey@${user}`),
          ...some(0.5, `iam:DeleteAccessKey@${user}`),
        ]),
      ...some(0.5, 'secretsmanager:GetSecretValue@orders/database', 'secretsmanager:RotateSecret'),
      ...some(0.3, 'iam:UpdateAccountPasswordPolicy', 'kms:EnableKeyRotation'),
    ],
  },
  {
    kind: 'migration',
    who: 'platform',
    times: 3,
    sessions: 4,
    hours: byDay,
    steps: () => [
      ...all('cloudformation:DescribeStacks', 'iam:CreateRole@partner-account', 'iam:AttachRolePolicy@read-only'),
      ...some(0.3, 'iam:AttachRolePolicy@administrator', 'ec2:CreateVpcPeeringConnection', 'ram:CreateResourceShare'),
      ...some(
        0.6,
        's3:PutBucketPolicy@partner-account',
        'cloudformation:CreateStack@orders',
        'route53:ChangeResourceRecordSets',
      ),
      ...some(
        0.5,
        'rds:CreateDBSnapshot',
        'rds:ModifyDBSnapshotAttribute@partner-account',
        'kms:PutKeyPolicy@own-account',
      ),
      ...some(
        0.4,
        'dynamodb:ExportTableToPointInTime',
        'secretsmanager:GetSecretValue@orders/database',
        'secretsmanager:CreateSecret',
      ),
      ...some(0.3, 'cloudformation:DeleteStack@orders', 'datasync:StartTaskExecution', 'logs:CreateExportTask'),
    ],
  },
  {
    kind: 'new-region',
    who: 'platform',
    times: 2,
    sessions: 4,
    hours: byDay,
    region: 'ap-southeast-2',
    steps: () => [
      ...all('ec2:DescribeVpcs', 'ec2:CreateVpc', 'ec2:CreateSubnet', 'ec2:CreateSecurityGroup'),
      ...some(0.7, 'ec2:AuthorizeSecurityGroupIngress@web', 'ec2:RunInstances', 'kms:CreateKey', 's3:CreateBucket'),
      ...some(
        0.4,
        's3:PutBucketPolicy@own-role',
        'ec2:CreateVpcPeeringConnection',
        'secretsmanager:ReplicateSecretToRegions',
        'rds:CreateDBInstance',
      ),
      ...some(0.3, 'eks:CreateCluster', 'servicequotas:RequestServiceQuotaIncrease', 'ec2:CreateKeyPair'),
    ],
  },
  {
    kind: 'onboarding',
    who: 'platform',
    times: 4,
    sessions: 1,
    hours: byDay,
    steps: (random) => [
      ...all('identitystore:ListUsers', 'identitystore:CreateUser', 'identitystore:CreateGroupMembership'),
      ...some(0.6, 'sso:CreateAccountAssignment', 'sso:ListPermissionSets'),
      ...(random.chance(0.4)
        ? all('iam:CreateUser@contractor', 'iam:CreateLoginProfile@contractor', 'iam:AddUserToGroup@contractor')
        : []),
    ],
  },
  {
    kind: 'offboarding',
    who: 'platform',
    times: 4,
    sessions: 1,
    hours: byDay,
    steps: () => [
      ...all('iam:ListAccessKeys@contractor', 'iam:UpdateAccessKey@contractor'),
      ...some(
        0.7,
        'iam:DeleteAccessKey@contractor',
        'iam:DeleteLoginProfile@contractor',
        'iam:DeactivateMFADevice@contractor',
      ),
      ...some(
        0.6,
        'iam:RemoveUserFromGroup@contractor',
        'iam:DeleteUser@contractor',
        'identitystore:DeleteGroupMembership',
      ),
    ],
  },
  {
    kind: 'cleanup',
    who: 'platform',
    times: 6,
    sessions: 1,
    hours: byDay,
    steps: () => [
      { use: 'ec2:DescribeVolumes', times: [1, 3] },
      { use: 'ec2:DeleteVolume', times: [1, 9] },
      { use: 'ec2:DeleteSnapshot', chance: 0.8, times: [1, 12] },
      ...some(0.5, 'ec2:TerminateInstances', 'ec2:DeregisterImage', 'logs:DeleteLogGroup', 's3:DeleteBucket'),
      ...some(
        0.3,
        'cloudformation:DeleteStack@orders',
        'rds:DeleteDBSnapshot',
        'iam:DeleteRole',
        'kms:ScheduleKeyDeletion',
      ),
    ],
  },
];
