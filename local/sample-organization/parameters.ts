import { accounts } from './accounts.ts';
import { type Call, callOf } from './calls.ts';
import type { Random } from './random.ts';

interface Place {
  account: string;
  region: string;
  random: Random;
}

/** CloudTrail's name of a call where it is not the one that the benign weeks use. */
const versioned: Readonly<Record<string, string>> = {
  'lambda:CreateFunction': 'CreateFunction20150331',
  'lambda:UpdateFunctionConfiguration': 'UpdateFunctionConfiguration20150331v2',
  'lambda:AddPermission': 'AddPermission20150331v2',
};

const trust = (principal: unknown): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  });

const roleArn = (account: string): string => `arn:aws:iam::${account}:role/service/orders-api`;

const readable = (bucket: string, principal: string) => ({
  bucketName: bucket,
  bucketPolicy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: principal }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` },
    ],
  },
});

export const ingress = (cidrIp: string, port: number) => ({
  groupId: 'sg-0a1b2c3d4e5f60718',
  ipPermissions: {
    items: [
      {
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        groups: {},
        ipRanges: { items: [{ cidrIp }] },
        ipv6Ranges: {},
      },
    ],
  },
});

/** Requests as the services write them, by the use that names them; other uses have none beside `calls.ts`. */
const requests: Readonly<Record<string, (place: Place) => unknown>> = {
  'iam:CreateRole@service': ({ random }) => ({
    roleName: `service-${random.hex(6)}`,
    assumeRolePolicyDocument: trust({ Service: 'ecs-tasks.amazonaws.com' }),
  }),
  'iam:CreateRole@partner-account': ({ random }) => ({
    roleName: `migration-${random.hex(6)}`,
    assumeRolePolicyDocument: trust({ AWS: `arn:aws:iam::${accounts.staging}:root` }),
  }),
  'iam:UpdateAssumeRolePolicy@own-account': ({ account }) => ({
    roleName: 'deploy',
    policyDocument: trust({ AWS: roleArn(account) }),
  }),
  'iam:PutRolePolicy@narrow': ({ account }) => ({
    roleName: 'orders-api',
    policyName: 'queue',
    policyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: `arn:aws:sqs:eu-central-1:${account}:orders` },
      ],
    }),
  }),
  'iam:AttachRolePolicy@read-only': () => ({
    roleName: 'orders-api',
    policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
  }),
  'iam:AttachRolePolicy@administrator': () => ({
    roleName: 'migration',
    policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  }),
  's3:PutBucketPolicy@own-role': ({ account }) => readable('orders-exports', roleArn(account)),
  's3:PutBucketPolicy@partner-account': () => readable('orders-exports', roleArn(accounts.data)),
  'secretsmanager:PutResourcePolicy@own-role': ({ account }) => ({
    secretId: 'orders/database',
    resourcePolicy: trust({ AWS: roleArn(account) }),
  }),
  'ecr:SetRepositoryPolicy@own-role': ({ account }) => ({
    repositoryName: 'orders',
    policyText: trust({ AWS: roleArn(account) }),
  }),
  'kms:PutKeyPolicy@own-account': ({ account, random }) => ({
    keyId: random.uuid(),
    policyName: 'default',
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
      ],
    }),
  }),
  's3:PutBucketPublicAccessBlock@block': () => ({
    bucketName: 'orders-exports',
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
  }),
  's3:PutBucketLifecycle@yearly': () => ({
    bucketName: 'orders-exports',
    LifecycleConfiguration: { Rule: { ID: 'year', Status: 'Enabled', Expiration: { Days: 365 } } },
  }),
  'ec2:AuthorizeSecurityGroupIngress@office': () => ingress('198.51.100.24/32', 22),
  'ec2:AuthorizeSecurityGroupIngress@internal': () => ingress('10.20.0.0/16', 443),
  'ec2:AuthorizeSecurityGroupIngress@web': () => ingress('0.0.0.0/0', 443),
  'ec2:ModifyInstanceAttribute@type': () => ({
    instanceId: 'i-0a1b2c3d4e5f60718',
    instanceType: { value: 'm7i.large' },
  }),
  'lambda:AddPermission@events': ({ account }) => ({
    functionName: 'resize-images',
    statementId: 'schedule',
    action: 'lambda:InvokeFunction',
    principal: 'events.amazonaws.com',
    sourceArn: `arn:aws:events:eu-central-1:${account}:rule/nightly`,
  }),
  'ec2:ModifySnapshotAttribute@partner-account': ({ random }) => ({
    snapshotId: `snap-${random.hex(17)}`,
    attributeType: 'CREATE_VOLUME_PERMISSION',
    createVolumePermission: { add: { items: [{ userId: accounts.security }] } },
  }),
  'rds:ModifyDBSnapshotAttribute@partner-account': () => ({
    dBSnapshotIdentifier: 'orders-drill',
    attributeName: 'restore',
    valuesToAdd: [accounts.staging],
  }),
  'ec2:RunInstances': () => ({
    instancesSet: { items: [{ imageId: 'ami-0a1b2c3d4e5f60718', minCount: 1, maxCount: 1 }] },
    instanceType: 'm7i.large',
  }),
  'lambda:UpdateFunctionConfiguration@resize-images': () => ({
    functionName: 'resize-images',
    environment: {},
    memorySize: 1024,
  }),
};

/** Calls on the keys and passwords of users name the user; what they answer names the key. */
function onUser(use: string, { random }: Place): Partial<Call> | undefined {
  const [action, userName] = use.split('@');
  if (userName === undefined || !/^iam:.*(?:AccessKey|LoginProfile|User|UserToGroup)$/.test(action!)) return undefined;
  const accessKeyId = `AKIA${random.letters(16)}`;
  if (action !== 'iam:CreateAccessKey') return { requestParameters: { userName } };
  return {
    requestParameters: { userName },
    responseElements: { accessKey: { userName, accessKeyId, status: 'Active' } },
  };
}

/** The call behind a use of the benign weeks, with its parameters. */
export function detailedCall(use: string, place: Place): Call & { region: string } {
  const call = callOf(use, place);
  const request = requests[use]?.(place);
  return {
    ...call,
    name: versioned[use.split('@', 1)[0]!] ?? call.name,
    ...(request !== undefined && { requestParameters: request }),
    ...onUser(use, place),
  };
}
