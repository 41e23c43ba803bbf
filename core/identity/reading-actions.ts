/** What IAM is asked where the policies of a service's resources are read; none of these reads any content. */
export const resourceReading: Readonly<Record<string, readonly string[]>> = {
  dynamodb: ['dynamodb:ListTables', 'dynamodb:GetResourcePolicy'],
  ecr: ['ecr:DescribeRepositories', 'ecr:GetRepositoryPolicy'],
  events: ['events:ListEventBuses'],
  kms: ['kms:ListKeys', 'kms:GetKeyPolicy', 'kms:ListGrants'],
  lambda: ['lambda:ListFunctions', 'lambda:GetPolicy'],
  s3: ['s3:ListAllMyBuckets', 's3:GetBucketPolicy', 's3:GetBucketOwnershipControls', 's3:GetBucketPublicAccessBlock'],
  secretsmanager: ['secretsmanager:ListSecrets', 'secretsmanager:GetResourcePolicy'],
  sns: ['sns:ListTopics', 'sns:GetTopicAttributes'],
  sqs: ['sqs:ListQueues', 'sqs:GetQueueAttributes'],
};

/** What IAM is asked where the organization and Identity Center are read, in the management account. */
export const organizationReading: readonly string[] = [
  'organizations:DescribeOrganization',
  'organizations:DescribePolicy',
  'organizations:ListAccountsForParent',
  'organizations:ListDelegatedAdministrators',
  'organizations:ListDelegatedServicesForAccount',
  'organizations:ListOrganizationalUnitsForParent',
  'organizations:ListPoliciesForTarget',
  'organizations:ListRoots',
  'sso:DescribePermissionSet',
  'sso:GetInlinePolicyForPermissionSet',
  'sso:ListAccountAssignments',
  'sso:ListAccountsForProvisionedPermissionSet',
  'sso:ListCustomerManagedPolicyReferencesInPermissionSet',
  'sso:ListInstances',
  'sso:ListManagedPoliciesInPermissionSet',
  'sso:ListPermissionSets',
  'identitystore:ListGroupMemberships',
  'identitystore:ListGroups',
  'identitystore:ListUsers',
];
