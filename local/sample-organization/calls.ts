import type { Random } from './random.ts';

/** One AWS API call as CloudTrail names it, made from the IAM action that allows it. */
export interface Call {
  source: string;
  name: string;
  readOnly: boolean;
  requestParameters: unknown;
  responseElements: unknown;
  resources: readonly { accountId: string; type: string; ARN: string }[];
}

interface Place {
  account: string;
  region: string;
  random: Random;
}

type Shape = (target: string, place: Place) => Partial<Call>;

const sources: Readonly<Record<string, string>> = { cloudwatch: 'monitoring', ses: 'email' };

/** Where CloudTrail's name of a call is not the action's. */
const names: Readonly<Record<string, string>> = {
  's3:ListAllMyBuckets': 'ListBuckets',
  'lambda:ListFunctions': 'ListFunctions20150331',
  'lambda:GetFunction': 'GetFunction20150331v2',
  'lambda:UpdateFunctionCode': 'UpdateFunctionCode20150331v2',
  'lambda:DeleteFunction': 'DeleteFunction20150331',
  'cloudfront:CreateInvalidation': 'CreateInvalidation2020_05_31',
  'es:DescribeDomain': 'DescribeDomain',
};

const reads = /^(?:Get|List|Describe|Lookup|BatchGet|BatchCheck|Filter|Decrypt|GenerateDataKey|AssumeRole)/;

const arn = (service: string, place: Place, rest: string) =>
  `arn:aws:${service}:${place.region}:${place.account}:${rest}`;

const secretOf = (target: string, place: Place) => arn('secretsmanager', place, `secret:${target}-Qa7xYz`);

/** Key ids look random and stay the same for a name. */
function keyOf(target: string, place: Place): string {
  let hash = 7;
  for (const letter of `${place.account}${target}`) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  const hex = hash.toString(16).padStart(8, '0');
  return arn('kms', place, `key/${hex}-4c1e-4d2a-9b3f-${hex}c0de`);
}

const keyUse: Shape = (target, place) => ({
  requestParameters: {
    encryptionContext: { 'aws:ecs:service': target },
    encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    keyId: keyOf(target, place),
  },
  resources: [{ accountId: place.account, type: 'AWS::KMS::Key', ARN: keyOf(target, place) }],
});

const stack: Shape = (target) => ({ requestParameters: { stackName: target } });
const functionCall: Shape = (target, place) => ({
  requestParameters: { functionName: arn('lambda', place, `function:${target}`) },
});
const service: Shape = (target) => ({ requestParameters: { cluster: 'main', services: [target] } });
const repository: Shape = (target, place) => ({
  requestParameters: { registryId: place.account, repositoryName: target },
});

const shapes: Readonly<Record<string, Shape>> = {
  'kms:Decrypt': keyUse,
  'kms:GenerateDataKey': keyUse,
  'secretsmanager:GetSecretValue': (target, place) => ({ requestParameters: { secretId: secretOf(target, place) } }),
  'secretsmanager:PutSecretValue': (target, place) => ({
    requestParameters: { secretId: secretOf(target, place), clientRequestToken: place.random.uuid() },
    responseElements: { arn: secretOf(target, place) },
  }),
  'ssm:GetParameter': (target) => ({ requestParameters: { name: `/${target}`, withDecryption: true } }),
  'ssm:GetParameters': (target) => ({ requestParameters: { names: [`/${target}`], withDecryption: true } }),
  'ssm:StartSession': (target, place) => ({
    requestParameters: { target },
    responseElements: { sessionId: `session-${place.random.hex(17)}` },
  }),
  'sqs:GetQueueAttributes': (target, place) => ({
    requestParameters: {
      queueUrl: `https://sqs.${place.region}.amazonaws.com/${place.account}/${target}`,
      attributeNames: ['ApproximateNumberOfMessages'],
    },
  }),
  'sns:GetTopicAttributes': (target, place) => ({ requestParameters: { topicArn: arn('sns', place, target) } }),
  'logs:CreateLogStream': (target, place) => ({
    requestParameters: { logGroupName: `/app/${target}`, logStreamName: place.random.hex(32) },
  }),
  'logs:FilterLogEvents': (target) => ({ requestParameters: { logGroupName: `/app/${target}`, limit: 100 } }),
  'logs:StartQuery': (target, place) => ({
    requestParameters: { logGroupName: `/app/${target}`, limit: 1000 },
    responseElements: { queryId: place.random.uuid() },
  }),
  'logs:DescribeLogStreams': (target) => ({ requestParameters: { logGroupName: `/app/${target}` } }),
  'dynamodb:DescribeTable': (target, place) => ({
    requestParameters: { tableName: target },
    resources: [
      { accountId: place.account, type: 'AWS::DynamoDB::Table', ARN: arn('dynamodb', place, `table/${target}`) },
    ],
  }),
  'es:DescribeDomain': (target) => ({ requestParameters: { domainName: target } }),
  'kinesis:DescribeStreamSummary': (target) => ({ requestParameters: { streamName: target } }),
  'kinesis:ListShards': (target) => ({ requestParameters: { streamName: target } }),
  'glue:StartJobRun': (target, place) => ({
    requestParameters: { jobName: target },
    responseElements: { jobRunId: `jr_${place.random.hex(64)}` },
  }),
  'glue:GetJobRun': (target, place) => ({
    requestParameters: { jobName: target, runId: `jr_${place.random.hex(64)}`, predecessorsIncluded: false },
  }),
  'glue:GetTable': (target) => ({ requestParameters: { databaseName: 'warehouse', name: target } }),
  'glue:GetTables': () => ({ requestParameters: { databaseName: 'warehouse' } }),
  'athena:StartQueryExecution': (target, place) => ({
    requestParameters: {
      queryString: '***OMITTED***',
      queryExecutionContext: { database: target },
      workGroup: 'primary',
    },
    responseElements: { queryExecutionId: place.random.uuid() },
  }),
  'athena:GetQueryExecution': (_target, place) => ({ requestParameters: { queryExecutionId: place.random.uuid() } }),
  'cloudformation:UpdateStack': stack,
  'cloudformation:DescribeStackEvents': stack,
  'cloudformation:CreateChangeSet': (target, place) => ({
    requestParameters: {
      stackName: target,
      changeSetName: `release-${place.random.hex(8)}`,
      capabilities: ['CAPABILITY_IAM'],
    },
    responseElements: { id: arn('cloudformation', place, `changeSet/release/${place.random.uuid()}`) },
  }),
  'cloudformation:DescribeChangeSet': stack,
  'cloudformation:ExecuteChangeSet': stack,
  'lambda:GetFunction': functionCall,
  'lambda:UpdateFunctionCode': (target, place) => ({
    ...functionCall(target, place),
    responseElements: { functionName: target, codeSha256: place.random.hex(44), lastUpdateStatus: 'InProgress' },
  }),
  'ecs:DescribeServices': service,
  'ecs:ListTasks': (target) => ({ requestParameters: { cluster: 'main', serviceName: target } }),
  'ecs:UpdateService': (target, place) => ({
    requestParameters: { cluster: 'main', service: target, forceNewDeployment: true },
    responseElements: { service: { serviceArn: arn('ecs', place, `service/main/${target}`), status: 'ACTIVE' } },
  }),
  'ecs:RegisterTaskDefinition': (target, place) => ({
    requestParameters: {
      family: target,
      taskRoleArn: `arn:aws:iam::${place.account}:role/service/${target}-api`,
      networkMode: 'awsvpc',
      cpu: '512',
      memory: '1024',
    },
    responseElements: { taskDefinition: { taskDefinitionArn: arn('ecs', place, `task-definition/${target}:41`) } },
  }),
  'ecr:DescribeImages': repository,
  'ecr:BatchCheckLayerAvailability': repository,
  'ecr:InitiateLayerUpload': repository,
  'ecr:PutImage': (target, place) => ({
    requestParameters: { registryId: place.account, repositoryName: target, imageTag: place.random.hex(7) },
    responseElements: { image: { repositoryName: target } },
    resources: [
      { accountId: place.account, type: 'AWS::ECR::Repository', ARN: arn('ecr', place, `repository/${target}`) },
    ],
  }),
  'codeartifact:GetAuthorizationToken': (target) => ({ requestParameters: { domain: target } }),
  'autoscaling:SetDesiredCapacity': (target, place) => ({
    requestParameters: { autoScalingGroupName: target, desiredCapacity: place.random.between(4, 12) },
  }),
  'elasticloadbalancing:DescribeTargetHealth': (target, place) => ({
    requestParameters: { targetGroupArn: arn('elasticloadbalancing', place, `targetgroup/${target}/0a1b2c3d4e5f6071`) },
  }),
  'iam:GetRole': (target) => ({ requestParameters: { roleName: target } }),
  'iam:ListAttachedRolePolicies': (target) => ({ requestParameters: { roleName: target } }),
  'iam:ListAccessKeys': (target) => ({ requestParameters: { userName: target } }),
  'iam:GetPolicy': (target, place) => ({
    requestParameters: { policyArn: `arn:aws:iam::${place.account}:policy/${target}` },
  }),
  'iam:CreatePolicyVersion': (target, place) => ({
    requestParameters: {
      policyArn: `arn:aws:iam::${place.account}:policy/${target}`,
      policyDocument:
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecs:UpdateService","Resource":"*"}]}',
      setAsDefault: true,
    },
    responseElements: { policyVersion: { versionId: `v${place.random.between(2, 9)}`, isDefaultVersion: true } },
  }),
  's3:GetBucketPolicy': (target) => ({ requestParameters: { bucketName: target, Host: `${target}.s3.amazonaws.com` } }),
  'cloudtrail:GetTrailStatus': (target) => ({ requestParameters: { name: target } }),
  'cloudfront:CreateInvalidation': (target) => ({ requestParameters: { distributionId: target } }),
  'quicksight:DescribeDashboard': (target, place) => ({
    requestParameters: { awsAccountId: place.account, dashboardId: target },
  }),
  'ce:GetCostAndUsage': () => ({
    requestParameters: {
      granularity: 'MONTHLY',
      metrics: ['UnblendedCost'],
      groupBy: [{ type: 'DIMENSION', key: 'SERVICE' }],
    },
  }),
};

/** Global services write their events to us-east-1. */
const global = new Set(['iam', 'cloudfront', 'route53', 'organizations', 'ce']);

/** The call behind `service:Action` or `service:Action@resource`. */
export function callOf(use: string, place: Place): Call & { region: string } {
  const at = use.indexOf('@');
  const action = at < 0 ? use : use.slice(0, at);
  const target = at < 0 ? '' : use.slice(at + 1);
  const [service, operation] = action.split(':') as [string, string];
  return {
    source: `${sources[service] ?? service}.amazonaws.com`,
    name: names[action] ?? operation,
    readOnly: reads.test(operation),
    requestParameters: null,
    responseElements: null,
    resources: [],
    ...shapes[action]?.(target, place),
    region: global.has(service) ? 'us-east-1' : place.region,
  };
}

/** The action of a use, without its resource. */
export const actionOf = (use: string): string => use.split('@', 1)[0]!;
