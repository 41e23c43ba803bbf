/** What somebody in a post does, by how often: `service:Call@resource weight`, separated by spaces or lines. */
const listed = (text: string): readonly (readonly [string, number])[] =>
  text
    .trim()
    .split(/\s*\n\s*|\s{2,}/)
    .map((entry) => entry.split(' ') as [string, string])
    .map(([use, weight]) => [use, Number(weight)] as const);

/**
 * The posts of the benign weeks. Every post has a long tail: what is done once a quarter is most of what anybody does for
 * the first time. Weights of a post sum to about a hundred.
 */
export const habits = {
  developer: listed(`
    logs:FilterLogEvents@orders 14  logs:DescribeLogGroups 8  logs:StartQuery@orders 7  logs:GetQueryResults 9
    lambda:ListFunctions 6  lambda:GetFunction@resize-images 5  ecs:DescribeServices@orders 7  ecs:ListTasks@orders 6
    cloudformation:DescribeStacks 6  cloudformation:DescribeStackEvents@orders 4  cloudwatch:DescribeAlarms 4
    cloudwatch:GetMetricData 5  sqs:GetQueueAttributes@orders 3  s3:ListAllMyBuckets 3  ecr:DescribeImages@orders 2
    ssm:GetParameter@orders/feature-flags 2  lambda:UpdateFunctionCode@resize-images 1.5  ecs:UpdateService@orders 1.2
    ssm:PutParameter 0.6  cloudformation:CreateChangeSet@orders 0.7  cloudformation:ExecuteChangeSet@orders 0.6
    secretsmanager:GetSecretValue@orders/database 0.7  dynamodb:DescribeTable@orders 1  sns:ListTopics 0.6
    xray:GetTraceSummaries 1  iam:GetRole@orders-api 0.6  iam:ListRoles 0.5  ec2:DescribeSecurityGroups 0.5
    kms:ListAliases 0.3  rds:DescribeDBInstances 0.4  states:StartExecution 0.3  states:ListExecutions 0.6
    lambda:UpdateFunctionConfiguration@resize-images 0.3  ecs:RegisterTaskDefinition@orders 0.3
    ecs:ExecuteCommand 0.25  ecs:RunTask 0.2  lambda:CreateFunction 0.15  lambda:AddPermission@events 0.12
    sqs:CreateQueue 0.12  sqs:PurgeQueue 0.1  s3:CreateBucket 0.08  s3:PutBucketPolicy@own-role 0.05
    dynamodb:CreateTable 0.08  events:PutRule 0.12  secretsmanager:CreateSecret 0.12
    secretsmanager:PutSecretValue@orders/database 0.15  cloudformation:CreateStack@orders 0.12
    cloudformation:DeleteStack@orders 0.1  iam:CreateRole@service 0.06  iam:PutRolePolicy@narrow 0.05
    iam:AttachRolePolicy@read-only 0.05  logs:DeleteLogGroup 0.04  dynamodb:DeleteTable 0.03`),
  platform: listed(`
    ec2:DescribeInstances 9  ec2:DescribeSecurityGroups 6  ec2:DescribeVpcs 4  ec2:DescribeSubnets 4
    cloudformation:DescribeStacks 8  iam:ListRoles 4  iam:GetRole@deploy 4  iam:ListAttachedRolePolicies@deploy 3
    iam:GetPolicy@deploy-services 3  iam:GetPolicyVersion 3  route53:ListHostedZones 2  route53:ListResourceRecordSets 3
    eks:DescribeCluster 3  eks:ListClusters 2  acm:ListCertificates 1.5  kms:ListKeys 2
    elasticloadbalancing:DescribeLoadBalancers 4  autoscaling:DescribeAutoScalingGroups 2  s3:ListAllMyBuckets 3
    s3:GetBucketPolicy@orders-exports 1.5  logs:FilterLogEvents@orders 5  cloudwatch:DescribeAlarms 4
    organizations:ListAccounts 1  ssm:StartSession@i-0a1b2c3d4e5f60718 1  iam:CreatePolicyVersion@deploy-services 0.8
    iam:CreateRole@service 0.6  iam:AttachRolePolicy@read-only 0.7  iam:PutRolePolicy@narrow 0.5
    iam:UpdateAssumeRolePolicy@own-account 0.25  iam:CreatePolicy 0.3  iam:DeleteRole 0.2
    ec2:AuthorizeSecurityGroupIngress@office 0.6  ec2:RevokeSecurityGroupIngress 0.5  ec2:RunInstances 0.4
    ec2:TerminateInstances 0.4  ec2:CreateSecurityGroup 0.3  ec2:ModifyInstanceAttribute@type 0.12
    ec2:CreateSnapshot 0.2  ec2:DeleteVolume 0.15  ec2:CreateTags 0.8  kms:CreateKey 0.1  kms:PutKeyPolicy@own-account 0.1
    s3:CreateBucket 0.2  s3:PutBucketPolicy@own-role 0.25  s3:PutBucketEncryption 0.15  s3:PutBucketLifecycle@yearly 0.1
    s3:PutBucketPublicAccessBlock@block 0.15  s3:PutBucketVersioning 0.08  route53:ChangeResourceRecordSets 0.5
    logs:PutRetentionPolicy 0.15  logs:DeleteLogGroup 0.06  secretsmanager:GetSecretValue@orders/database 0.3
    secretsmanager:CreateSecret 0.15  cloudtrail:DescribeTrails 0.3  cloudtrail:LookupEvents 0.5
    servicequotas:RequestServiceQuotaIncrease 0.08  ec2:GetConsoleOutput 0.1  ec2:AssociateIamInstanceProfile 0.06
    iam:ListAccessKeys@legacy-deploy 0.3  iam:CreateAccessKey@legacy-deploy 0.06  iam:TagRole 0.2  eks:UpdateNodegroupConfig 0.3
    eks:CreateAccessEntry 0.06  lambda:UpdateFunctionConfiguration@resize-images 0.15  ec2:CreateVpcEndpoint 0.1`),
  operator: listed(`
    cloudwatch:DescribeAlarms 14  ec2:DescribeInstances 11  ec2:DescribeInstanceStatus 7
    elasticloadbalancing:DescribeTargetHealth@orders 9  rds:DescribeDBInstances 9  ecs:DescribeServices@orders 10
    logs:FilterLogEvents@orders 12  autoscaling:DescribeAutoScalingGroups 5  cloudwatch:GetMetricData 9
    logs:StartQuery@orders 5  logs:GetQueryResults 6  ssm:StartSession@i-0a1b2c3d4e5f60718 2  ecs:UpdateService@orders 1.2
    ssm:SendCommand 0.4  autoscaling:SetDesiredCapacity@workers 0.5  ec2:RebootInstances 0.2  ec2:StopInstances 0.15
    ec2:StartInstances 0.15  rds:RebootDBInstance 0.1  rds:CreateDBSnapshot 0.15  cloudwatch:PutMetricAlarm 0.5
    cloudwatch:DisableAlarmActions 0.2  cloudwatch:EnableAlarmActions 0.2  secretsmanager:GetSecretValue@orders/database 0.3
    ec2:AuthorizeSecurityGroupIngress@office 0.1  lambda:UpdateFunctionConfiguration@resize-images 0.1
    ecs:ExecuteCommand 0.3  ec2:CreateSnapshot 0.12  ec2:TerminateInstances 0.15  rds:ModifyDBInstance 0.1
    health:DescribeEvents 0.6  support:CreateCase 0.08  dynamodb:UpdateTable 0.1`),
  analyst: listed(`
    athena:StartQueryExecution@orders 25  athena:GetQueryExecution 25  athena:GetQueryResults 14  athena:ListWorkGroups 5
    glue:GetDatabases 7  glue:GetTables@orders 9  s3:ListAllMyBuckets 5  quicksight:DescribeDashboard@sales 5
    glue:GetTable@orders 4  athena:CreateNamedQuery 0.5  glue:CreateTable 0.3  glue:StartJobRun@orders-daily 0.3
    s3:GetBucketLocation 1  quicksight:CreateDataSet 0.15  sagemaker:CreatePresignedDomainUrl 0.3
    secretsmanager:GetSecretValue@warehouse/reader 0.1  redshift:GetClusterCredentials 0.15  glue:DeleteTable 0.08
    redshift:DescribeClusters 0.5  athena:CreateWorkGroup 0.06  s3:CreateBucket 0.04`),
  auditor: listed(`
    iam:ListUsers 8  iam:ListRoles 10  iam:GetRole@deploy 9  iam:ListAttachedRolePolicies@deploy 7  iam:GetPolicyVersion 6
    cloudtrail:DescribeTrails 6  cloudtrail:GetTrailStatus@organization-trail 6  cloudtrail:LookupEvents 12
    config:DescribeConfigRules 5  guardduty:ListFindings 9  guardduty:GetFindings 8  s3:GetBucketPolicy@orders-exports 5
    securityhub:GetFindings 6  securityhub:BatchUpdateFindings 0.6  iam:GenerateCredentialReport 0.4  iam:GetCredentialReport 0.4
    iam:GetAccountAuthorizationDetails 0.2  organizations:ListAccounts 0.6  guardduty:ArchiveFindings 0.4
    guardduty:CreateFilter 0.06  access-analyzer:ListFindings 1  iam:SimulatePrincipalPolicy 0.3  config:PutConfigRule 0.1
    kms:GetKeyPolicy 0.6  cloudtrail:GetEventSelectors 0.4  ec2:DescribeSecurityGroups 1`),
  support: listed(`
    logs:FilterLogEvents@orders 30  ecs:DescribeServices@orders 15  cloudwatch:DescribeAlarms 14  logs:DescribeLogGroups 12
    dynamodb:DescribeTable@orders 6  sqs:GetQueueAttributes@orders 8  s3:ListAllMyBuckets 3  cognito-idp:ListUsers 5
    cognito-idp:AdminGetUser 5  cognito-idp:AdminResetUserPassword 0.5  ssm:GetParameter@orders/feature-flags 0.3
    ses:GetSendQuota 0.4  support:CreateCase 0.2  sqs:PurgeQueue 0.08`),
} as const;

export type Post = keyof typeof habits;

/** What the tool that describes infrastructure changes, once its plan was read and approved. */
export const infrastructureReads = listed(`
  iam:GetRole@deploy 8  iam:ListRolePolicies 6  iam:ListAttachedRolePolicies@deploy 6  iam:GetPolicy@deploy-services 5
  iam:GetPolicyVersion 5  ec2:DescribeVpcs 4  ec2:DescribeSubnets 4  ec2:DescribeSecurityGroups 6  s3:GetBucketPolicy@orders-exports 5
  s3:GetBucketVersioning 4  s3:GetBucketEncryption 4  kms:DescribeKey 4  kms:GetKeyPolicy 3  lambda:GetFunction@resize-images 4
  dynamodb:DescribeTable@orders 3  sqs:GetQueueAttributes@orders 3  logs:DescribeLogGroups 4  route53:GetHostedZone 2
  rds:DescribeDBInstances 2  secretsmanager:DescribeSecret 3  secretsmanager:GetResourcePolicy 2`);

export const infrastructureChanges = listed(`
  iam:CreateRole@service 4  iam:PutRolePolicy@narrow 5  iam:AttachRolePolicy@read-only 4  iam:UpdateAssumeRolePolicy@own-account 2
  iam:DeleteRolePolicy 2  iam:DetachRolePolicy 1.5  iam:DeleteRole 1  iam:CreatePolicy 2  iam:CreatePolicyVersion@deploy-services 3
  ec2:CreateSecurityGroup 2  ec2:AuthorizeSecurityGroupIngress@internal 4  ec2:RevokeSecurityGroupIngress 2  ec2:CreateTags 6
  s3:CreateBucket 2  s3:PutBucketPolicy@own-role 3  s3:PutBucketEncryption 2  s3:PutBucketPublicAccessBlock@block 2
  s3:PutBucketLifecycle@yearly 1  kms:CreateKey 1  kms:PutKeyPolicy@own-account 0.8  lambda:UpdateFunctionConfiguration@resize-images 3
  lambda:AddPermission@events 1.5  lambda:CreateFunction 1.5  dynamodb:CreateTable 1  dynamodb:UpdateTable 1  sqs:CreateQueue 2
  sns:CreateTopic 1  sns:Subscribe 1  logs:CreateLogGroup 2  logs:PutRetentionPolicy 2  events:PutRule 1.5  events:DeleteRule 0.5
  cloudwatch:PutMetricAlarm 3  cloudwatch:DeleteAlarms 0.6  secretsmanager:CreateSecret 1  secretsmanager:PutResourcePolicy@own-role 0.3
  rds:ModifyDBInstance 0.6  route53:ChangeResourceRecordSets 2  ecs:RegisterTaskDefinition@orders 3  ecs:UpdateService@orders 3
  ecr:SetRepositoryPolicy@own-role 0.3  ec2:CreateVpcEndpoint 0.4  eks:CreatePodIdentityAssociation 0.3  iam:CreateOpenIDConnectProvider 0.1
  acm:RequestCertificate 0.5  wafv2:UpdateWebACL 0.5  cloudfront:UpdateDistribution 0.8`);
