/**
 * Serious actions that somebody's ordinary week holds in most organizations, by service: what tools that describe
 * infrastructure create and tear down, what releases and consoles call, what whoever is on call needs. A first use of one
 * of these tells less than a first use of what hardly anybody ever calls.
 */
const everyday: Readonly<Record<string, string>> = {
  bedrock: 'InvokeModel InvokeModelWithResponseStream',
  cloudformation: 'DeleteStack',
  cloudwatch: 'DeleteAlarms DisableAlarmActions',
  codeartifact: 'GetAuthorizationToken',
  config: 'DeleteConfigRule',
  dynamodb: 'DeleteTable ExportTableToPointInTime PutResourcePolicy UpdateContinuousBackups',
  ec2: 'AssociateIamInstanceProfile AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateKeyPair CreateNetworkAclEntry CreateVpcPeeringConnection DeleteNetworkAclEntry DeleteSnapshot DeleteVolume DeregisterImage ModifyInstanceAttribute ModifyInstanceMetadataOptions ModifySecurityGroupRules RequestSpotInstances RunInstances TerminateInstances',
  ecr: 'DeleteRepository SetRepositoryPolicy',
  ecs: 'ExecuteCommand',
  eks: 'AssociateAccessPolicy CreateAccessEntry CreatePodIdentityAssociation DeleteCluster UpdateAccessEntry',
  elasticfilesystem: 'DeleteFileSystem PutFileSystemPolicy',
  events: 'DeleteRule DisableRule PutPermission RemoveTargets',
  glue: 'DeleteDatabase GetConnection GetConnections',
  guardduty: 'ArchiveFindings CreateFilter UpdateFilter',
  iam: 'AddRoleToInstanceProfile AddUserToGroup AttachRolePolicy CreatePolicy CreatePolicyVersion CreateRole DeletePolicy DeletePolicyVersion DeleteRolePolicy DetachRolePolicy PassRole PutRolePolicy RemoveUserFromGroup SetDefaultPolicyVersion UpdateAssumeRolePolicy',
  kinesis: 'DeleteStream',
  kms: 'CreateGrant PutKeyPolicy',
  lambda: 'AddPermission CreateEventSourceMapping UpdateFunctionCode UpdateFunctionConfiguration',
  logs: 'CreateExportTask DeleteLogGroup DeleteLogStream DeleteMetricFilter DeleteSubscriptionFilter PutRetentionPolicy PutSubscriptionFilter',
  rds: 'DeleteDBInstance DeleteDBSnapshot',
  redshift: 'GetClusterCredentials GetClusterCredentialsWithIAM',
  route53: 'DeleteHostedZone',
  s3: 'DeleteBucket DeleteBucketPolicy PutBucketAcl PutBucketLogging PutBucketPolicy PutBucketPublicAccessBlock PutBucketVersioning PutLifecycleConfiguration PutObjectAcl',
  sagemaker: 'CreatePresignedDomainUrl',
  secretsmanager: 'DeleteSecret GetSecretValue PutResourcePolicy ReplicateSecretToRegions',
  securityhub: 'BatchUpdateFindings',
  servicequotas: 'RequestServiceQuotaIncrease',
  ses: 'VerifyEmailIdentity',
  sns: 'AddPermission',
  sqs: 'AddPermission',
  ssm: 'CreateAssociation GetParameter GetParameterHistory GetParameters GetParametersByPath SendCommand StartAutomationExecution StartSession',
  sts: 'GetSessionToken',
};

const actions = new Set(
  Object.entries(everyday).flatMap(([service, names]) => names.split(' ').map((name) => `${service}:${name}`)),
);

/** Whether ordinary work of somebody's holds the action, in the catalogue's spelling. */
export const isEveryday = (action: string): boolean => actions.has(action);

/** All of them. */
export const everydayActions: readonly string[] = [...actions];
