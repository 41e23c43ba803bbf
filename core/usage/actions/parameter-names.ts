/**
 * The request parameters that hold a variable of the catalogue's ARN templates, by service (of the action) and variable,
 * where they are not simply called like it (`TableName` in `tableName`). The first that is there counts.
 */
const parametersByVariable: Readonly<Record<string, readonly string[]>> = {
  'athena:WorkGroupName': ['workGroup'],
  'cloudtrail:TrailName': ['name', 'trailName'],
  'cloudwatch:AlarmName': ['alarmName', 'alarmNames'],
  'codebuild:ProjectName': ['projectName', 'name'],
  'ec2:KeyPairName': ['keyName'],
  'ec2:NaclId': ['networkAclId'],
  'ec2:SecurityGroupId': ['groupId'],
  'ecs:ClusterName': ['cluster', 'clusterName'],
  'eks:ClusterName': ['clusterName', 'name'],
  'iam:GroupNameWithPath': ['groupName'],
  'iam:InstanceProfileNameWithPath': ['instanceProfileName'],
  'iam:PolicyNameWithPath': ['policyName'],
  'iam:RoleNameWithPath': ['roleName'],
  'iam:UserNameWithPath': ['userName'],
  'kms:Alias': ['aliasName'],
  'rds:ClusterSnapshotName': ['dBClusterSnapshotIdentifier'],
  'rds:DbClusterInstanceName': ['dBClusterIdentifier'],
  'rds:DbInstanceName': ['dBInstanceIdentifier'],
  'rds:ParameterGroupName': ['dBParameterGroupName'],
  'rds:SnapshotName': ['dBSnapshotIdentifier'],
  'rds:SubnetGroupName': ['dBSubnetGroupName'],
  'redshift:ClusterName': ['clusterIdentifier'],
  's3:BucketName': ['bucketName', 'bucket'],
  's3:ObjectName': ['key'],
  'secretsmanager:SecretId': ['secretId', 'name'],
  'sns:TopicName': ['name'],
  'sqs:QueueName': ['queueUrl', 'queueName'],
  'ssm:DocumentName': ['documentName', 'name'],
  'ssm:InstanceId': ['instanceId', 'instanceIds'],
  'ssm:ParameterNameWithoutLeadingSlash': ['name', 'names'],
  'states:StateMachineName': ['name'],
  'sts:FederatedUserName': ['name'],
};
/** Called like so many things that a parameter of that name says nothing. */
const tooCommon = new Set(['Id', 'Name', 'ResourceId', 'Token', 'Type', 'UUID', 'Version']);

/** Parameters to look for a template's variable in; empty where none could be trusted. */
export function parameterNamesOf(service: string, variable: string): readonly string[] {
  const key = `${service}:${variable}`;
  if (Object.hasOwn(parametersByVariable, key)) return parametersByVariable[key] as readonly string[];
  return tooCommon.has(variable) ? [] : [variable.charAt(0).toLowerCase() + variable.slice(1)];
}

/** How a parameter's value stands in the ARN; undefined where it belongs to another kind of ARN. */
export function arnPartOf(variable: string, value: string): string | undefined {
  if (value.startsWith('arn:')) return undefined;
  switch (variable) {
    case 'Alias':
      return value.startsWith('alias/') ? value.slice('alias/'.length) : undefined;
    case 'KeyId':
      return value.startsWith('alias/') ? undefined : value;
    case 'FunctionName':
      return value.slice(value.indexOf('function:') < 0 ? 0 : value.indexOf('function:') + 'function:'.length);
    // Hybrid machines (mi-…) are not EC2's.
    case 'InstanceId':
      return value.startsWith('i-') ? value : undefined;
    case 'ParameterNameWithoutLeadingSlash':
      return value.startsWith('/') ? value.slice(1) : value;
    case 'QueueName':
      return value.slice(value.lastIndexOf('/') + 1);
    // A secret's ARN ends with six characters that its name does not have: a pattern, as policies write it.
    case 'SecretId':
      return `${value}-??????`;
    default:
      return value;
  }
}
