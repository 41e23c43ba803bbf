import type { AccountName } from './accounts.ts';

/** How often something is done. `quarterly` falls on the last day of a quarter, `yearly MM-DD` on that day. */
export type Cadence = 'daily' | 'workdays' | 'weekly' | 'monthly' | 'quarterly' | `yearly ${string}`;

/** What somebody may do and does in the sample year. */
export interface Post {
  name: string;
  account: AccountName;
  /** How many of its kind there are; everybody draws their own habits. */
  copies: number;
  runs: 'role' | 'user';
  /** Where its permissions stand: in its own inline or managed policy, in one of all copies, or in a policy of AWS. */
  holds: 'inline' | 'managed' | 'shared' | 'aws';
  /** Action patterns; null: exactly what is listed below. */
  grants: string | null;
  condition?: object;
  /** Owners keep what such a principal holds until that day, used or not. */
  keepUntil?: string;
  uses: readonly (readonly [Cadence, string])[];
  /** Done without leaving an event in a management trail: data events, PassRole, what services do in one's name. */
  unseen: string;
  /**
   * Granted and not used. `!`: whoever misuses it gets further. `~`: its use would not show in a management trail. A few
   * of the others come into use in the course of a year, as things do.
   */
  idle: string;
}

const post = (name: string, account: AccountName, rest: Omit<Post, 'name' | 'account'>): Post => ({
  name,
  account,
  ...rest,
});

export const posts: readonly Post[] = [
  post('fleet', 'production', {
    copies: 6,
    runs: 'role',
    holds: 'inline',
    grants: null,
    uses: [
      [
        'daily',
        'ec2:DescribeInstances autoscaling:DescribeAutoScalingGroups elasticloadbalancing:DescribeTargetHealth@web',
      ],
      [
        'weekly',
        'elasticloadbalancing:RegisterTargets elasticloadbalancing:DeregisterTargets ssm:GetParameter@fleet/flags',
      ],
      ['monthly', 'autoscaling:SetDesiredCapacity@web ec2:DescribeImages'],
    ],
    unseen: 's3:GetObject',
    idle: `ec2:RunInstances ec2:StopInstances ec2:CreateSecurityGroup ec2:AuthorizeSecurityGroupIngress!
      ec2:ModifyInstanceAttribute! autoscaling:CreateLaunchConfiguration autoscaling:UpdateAutoScalingGroup iam:PassRole!~
      s3:PutObject~ ec2:GetPasswordData! ssm:SendCommand! elasticloadbalancing:CreateRule`,
  }),
  post('databases', 'production', {
    copies: 4,
    runs: 'role',
    holds: 'managed',
    grants: 'rds:* ec2:Describe*',
    uses: [
      ['daily', 'rds:DescribeDBInstances rds:DescribeDBClusters rds:DescribeEvents'],
      ['weekly', 'rds:CreateDBSnapshot rds:DescribeDBSnapshots'],
      ['quarterly', 'rds:ModifyDBInstance rds:RebootDBInstance rds:ApplyPendingMaintenanceAction'],
      ['yearly 02-11', 'rds:RestoreDBInstanceFromDBSnapshot rds:PromoteReadReplica'],
    ],
    unseen: 'rds:AddTagsToResource',
    idle: `rds:ModifyDBSnapshotAttribute! rds:DeleteDBInstance rds:DeleteDBCluster rds:StopDBInstance rds:CreateDBCluster
      rds:ModifyDBCluster! rds:StartExportTask! rds:AuthorizeDBSecurityGroupIngress! rds:CreateEventSubscription
      rds:FailoverDBCluster ec2:DescribeRegions ec2:DescribeAddresses ec2:DescribeVpcs ec2:DescribeSnapshots
      rds:CreateOptionGroup rds:DownloadCompleteDBLogFile~`,
  }),
  post('deployer', 'tooling', {
    copies: 5,
    runs: 'role',
    holds: 'managed',
    grants: null,
    uses: [
      [
        'workdays',
        'cloudformation:DescribeStacks cloudformation:UpdateStack@app ecs:UpdateService@app ecs:DescribeServices@app',
      ],
      ['weekly', 'ecs:RegisterTaskDefinition@app lambda:UpdateFunctionCode@app cloudformation:CreateChangeSet@app'],
      ['monthly', 'cloudformation:CreateStack@app ecr:DescribeRepositories'],
    ],
    unseen: 'iam:PassRole s3:PutObject',
    idle: `cloudformation:DeleteStack cloudformation:SetStackPolicy lambda:AddPermission! lambda:CreateFunction!
      lambda:UpdateFunctionConfiguration! ecs:DeleteCluster ecs:RunTask! iam:CreateRole! iam:AttachRolePolicy! iam:PutRolePolicy!
      ecr:DeleteRepository ecr:SetRepositoryPolicy! ssm:PutParameter cloudformation:ContinueUpdateRollback`,
  }),
  post('administrator', 'staging', {
    copies: 2,
    runs: 'user',
    holds: 'aws',
    grants: '*',
    uses: [
      ['workdays', 'ec2:DescribeInstances iam:ListRoles iam:GetRole@deploy cloudformation:DescribeStacks'],
      ['weekly', 'iam:ListUsers ec2:DescribeSecurityGroups lambda:ListFunctions rds:DescribeDBInstances'],
      [
        'monthly',
        'ec2:AuthorizeSecurityGroupIngress iam:CreatePolicyVersion@deploy ec2:CreateSecurityGroup kms:ListKeys kms:ListAliases',
      ],
      ['quarterly', 'iam:CreateUser iam:GenerateCredentialReport iam:GetCredentialReport'],
    ],
    unseen: 's3:GetObject dynamodb:GetItem iam:PassRole',
    idle: `iam:CreateAccessKey! iam:AttachUserPolicy! iam:PutUserPolicy! iam:UpdateAssumeRolePolicy! iam:CreateLoginProfile!
      iam:DeactivateMFADevice! iam:CreateSAMLProvider! cloudtrail:StopLogging! cloudtrail:DeleteTrail! guardduty:DeleteDetector!
      ec2:CreateFlowLogs ec2:DeleteFlowLogs! kms:ScheduleKeyDeletion kms:PutKeyPolicy! organizations:LeaveOrganization!
      route53:ChangeResourceRecordSets rds:ModifyDBSnapshotAttribute! ec2:ModifySnapshotAttribute! lambda:AddPermission!
      secretsmanager:GetSecretValue! s3:PutBucketPolicy! s3:DeleteObject~ dynamodb:Scan~ sts:AssumeRole!
      ec2:TerminateInstances eks:DeleteCluster config:DeleteConfigurationRecorder! ecs:DeleteService acm:DeleteCertificate`,
  }),
  post('network', 'production', {
    copies: 3,
    runs: 'role',
    holds: 'managed',
    grants: 'ec2:* route53:*',
    condition: { StringEquals: { 'aws:RequestedRegion': ['eu-central-1', 'us-east-1'] } },
    uses: [
      ['workdays', 'ec2:DescribeVpcs ec2:DescribeSubnets ec2:DescribeRouteTables route53:ListHostedZones'],
      ['weekly', 'route53:ChangeResourceRecordSets ec2:AuthorizeSecurityGroupEgress ec2:RevokeSecurityGroupEgress'],
      ['quarterly', 'ec2:CreateVpcEndpoint ec2:ModifyVpcEndpoint'],
    ],
    unseen: 'ec2:CreateTags',
    idle: `ec2:RunInstances ec2:ModifySnapshotAttribute! ec2:CreateVpcPeeringConnection! ec2:DeleteVpc ec2:GetPasswordData!
      ec2:ModifyInstanceAttribute! ec2:DeleteFlowLogs! ec2:ImportKeyPair! ec2:CreateKeyPair!
      route53:DeleteHostedZone route53:CreateHostedZone route53:ListTrafficPolicies ec2:DisassociateAddress`,
  }),
  post('auditor', 'security', {
    copies: 3,
    runs: 'role',
    holds: 'shared',
    grants: 'iam:Get* iam:List* guardduty:* config:* cloudtrail:*',
    uses: [
      ['workdays', 'iam:ListUsers iam:ListRoles iam:GetRole@deploy guardduty:ListFindings guardduty:GetFindings'],
      ['weekly', 'cloudtrail:DescribeTrails config:DescribeConfigRules iam:ListAccessKeys@legacy iam:GetPolicyVersion'],
      ['quarterly', 'iam:GetAccountAuthorizationDetails guardduty:ListDetectors cloudtrail:GetEventSelectors'],
    ],
    unseen: '',
    idle: `guardduty:DeleteDetector! guardduty:UpdateDetector! guardduty:CreateFilter! cloudtrail:StopLogging!
      cloudtrail:DeleteTrail! cloudtrail:PutEventSelectors! config:DeleteConfigRule config:StopConfigurationRecorder!
      iam:GetSSHPublicKey iam:ListVirtualMFADevices guardduty:DisassociateFromMasterAccount! cloudtrail:UpdateTrail!`,
  }),
  post('key-custodian', 'production', {
    copies: 2,
    runs: 'role',
    holds: 'inline',
    grants: null,
    uses: [
      [
        'quarterly',
        'iam:ListAccessKeys@legacy iam:CreateAccessKey@legacy iam:UpdateAccessKey secretsmanager:PutSecretValue@legacy',
      ],
      ['monthly', 'secretsmanager:DescribeSecret secretsmanager:ListSecrets kms:ListKeys'],
    ],
    unseen: '',
    idle: `secretsmanager:GetSecretValue! secretsmanager:DeleteSecret iam:CreateLoginProfile! iam:UpdateLoginProfile!
      kms:PutKeyPolicy! kms:DisableKey secretsmanager:PutResourcePolicy! iam:AttachUserPolicy!`,
  }),
  post('closing', 'data', {
    copies: 3,
    runs: 'role',
    holds: 'inline',
    grants: null,
    uses: [
      ['monthly', 'organizations:ListAccounts organizations:DescribeOrganization rds:DescribeDBInstances'],
      ['quarterly', 'rds:CreateDBSnapshot rds:CopyDBSnapshot'],
      ['yearly 01-15', 'rds:RestoreDBInstanceFromDBSnapshot'],
    ],
    unseen: 's3:GetObject',
    idle: `organizations:LeaveOrganization! organizations:InviteAccountToOrganization! rds:DeleteDBSnapshot
      rds:ModifyDBSnapshotAttribute! s3:PutObject~ organizations:DetachPolicy! rds:StartExportTask!`,
  }),
  post('year-end', 'data', {
    copies: 2,
    runs: 'role',
    holds: 'inline',
    grants: null,
    keepUntil: '2027-03-31',
    uses: [
      ['monthly', 'rds:DescribeDBInstances'],
      ['yearly 11-30', 'rds:CreateDBSnapshot rds:CreateDBInstance ec2:RunInstances'],
    ],
    unseen: '',
    idle: 'rds:DeleteDBInstance ec2:StopInstances',
  }),
  post('forgotten-year-end', 'data', {
    copies: 1,
    runs: 'role',
    holds: 'inline',
    grants: null,
    uses: [
      ['monthly', 'rds:DescribeDBInstances'],
      ['yearly 12-15', 'rds:StopDBInstance rds:StartDBInstance'],
    ],
    unseen: '',
    idle: 'rds:ModifyDBSnapshotAttribute! rds:DeleteDBCluster ec2:StopInstances',
  }),
  post('queue-worker', 'production', {
    copies: 6,
    runs: 'role',
    holds: 'inline',
    grants: null,
    uses: [
      ['daily', 'sqs:GetQueueAttributes@work secretsmanager:GetSecretValue@work'],
      ['weekly', 'sqs:ListQueues dynamodb:DescribeTable@work'],
    ],
    unseen: 'sqs:ReceiveMessage sqs:DeleteMessage dynamodb:PutItem dynamodb:GetItem sns:Publish',
    idle: `sqs:PurgeQueue sqs:SetQueueAttributes sqs:AddPermission! sns:Subscribe! sns:AddPermission! dynamodb:DeleteTable
      dynamodb:Scan~ dynamodb:DeleteItem~ sns:DeleteTopic sqs:DeleteQueue dynamodb:PutResourcePolicy! sqs:SendMessage~`,
  }),
  post('pipeline', 'data', {
    copies: 4,
    runs: 'role',
    holds: 'inline',
    grants: 'glue:* athena:* s3:*',
    uses: [
      [
        'daily',
        'glue:StartJobRun@orders glue:GetJobRun@orders athena:StartQueryExecution@orders athena:GetQueryExecution',
      ],
      ['weekly', 'glue:GetTables@orders s3:ListAllMyBuckets'],
      ['monthly', 'glue:UpdateTable athena:CreateNamedQuery'],
    ],
    unseen: 's3:GetObject s3:PutObject s3:ListBucket',
    idle: `glue:PutResourcePolicy! glue:CreateDevEndpoint! glue:UpdateJob! glue:DeleteDatabase glue:DeleteJob athena:DeleteWorkGroup
      s3:PutBucketPolicy! s3:DeleteBucket s3:PutBucketAcl! s3:PutLifecycleConfiguration s3:PutReplicationConfiguration!
      s3:DeleteObject~ s3:PutObjectAcl~ s3:CreateBucket athena:UpdateWorkGroup glue:CreateJob!`,
  }),
  post('functions', 'staging', {
    copies: 4,
    runs: 'role',
    holds: 'inline',
    grants: 'lambda:* states:* events:* logs:Create* logs:Put*',
    uses: [
      ['daily', 'lambda:ListFunctions lambda:GetFunction@app states:StartExecution states:ListStateMachines'],
      ['weekly', 'events:PutRule events:PutTargets states:DescribeStateMachine'],
      ['monthly', 'lambda:UpdateFunctionConfiguration@app lambda:PublishVersion'],
    ],
    unseen: 'lambda:InvokeFunction logs:PutLogEvents events:PutEvents',
    idle: `lambda:AddPermission! lambda:CreateFunctionUrlConfig! lambda:DeleteFunction lambda:CreateEventSourceMapping!
      states:DeleteStateMachine states:UpdateStateMachine events:DeleteRule events:RemoveTargets lambda:PutFunctionConcurrency
      logs:PutRetentionPolicy logs:PutSubscriptionFilter! logs:CreateLogStream~ lambda:UpdateFunctionCode! lambda:GetPolicy`,
  }),
  post('contractor', 'staging', {
    copies: 3,
    runs: 'user',
    holds: 'shared',
    grants: null,
    uses: [
      ['workdays', 'cloudformation:DescribeStacks lambda:ListFunctions ecs:DescribeServices@app'],
      ['weekly', 'lambda:UpdateFunctionCode@app'],
    ],
    unseen: '',
    idle: `lambda:DeleteFunction lambda:AddPermission! iam:PassRole!~ cloudformation:DeleteStack ecs:DeleteService
      iam:CreateAccessKey! ec2:DescribeInstances ssm:StartSession!`,
  }),
  post('containers', 'production', {
    copies: 3,
    runs: 'role',
    holds: 'managed',
    grants: 'ecs:* eks:* ecr:Describe* ecr:List*',
    uses: [
      ['daily', 'ecs:DescribeServices@app ecs:ListTasks@app ecs:DescribeTasks eks:DescribeCluster'],
      ['weekly', 'ecs:UpdateService@app ecs:RegisterTaskDefinition@app ecr:DescribeImages@app'],
      ['quarterly', 'eks:UpdateClusterVersion eks:UpdateNodegroupVersion'],
    ],
    unseen: 'eks:AccessKubernetesApi',
    idle: `ecs:RunTask! ecs:DeleteCluster ecs:ExecuteCommand! eks:CreateAccessEntry! eks:AssociateAccessPolicy! eks:DeleteCluster
      eks:UpdateClusterConfig! eks:CreateNodegroup ecs:DeleteService ecs:StopTask eks:CreatePodIdentityAssociation!
      ecs:RegisterContainerInstance eks:ListAddons ecr:ListImages`,
  }),
];
