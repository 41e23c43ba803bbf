import type { AccountId } from '../../../../core/identity/principal.ts';
import { actionsOf, type MappableEvent } from '../../../../core/usage/actions/actions-of.ts';

const account = '111122223333' as AccountId;
const call = (source: string, name: string, requestParameters: unknown, more: Partial<MappableEvent> = {}) =>
  actionsOf({
    kind: 'api-call',
    source: `${source}.amazonaws.com`,
    name,
    requestParameters,
    resources: [],
    region: 'eu-central-1',
    account,
    ...more,
  }).actions;
const resources = (...event: Parameters<typeof call>) => call(...event).map((action) => action.resources);

test.each([
  ['s3', 'GetObject', { bucketName: 'b', key: 'a/c d.txt' }, 'arn:aws:s3:::b/a/c d.txt'],
  ['s3', 'ListObjects', { bucketName: 'b', prefix: 'a/' }, 'arn:aws:s3:::b'],
  ['iam', 'PutRolePolicy', { roleName: 'r', policyName: 'p' }, 'arn:aws:iam::111122223333:role/r'],
  ['iam', 'CreateUser', { userName: 'u', path: '/team/a/' }, 'arn:aws:iam::111122223333:user/team/a/u'],
  ['sts', 'AssumeRole', { roleArn: 'arn:aws:iam::444455556666:role/x/r' }, 'arn:aws:iam::444455556666:role/x/r'],
  ['lambda', 'Invoke', { functionName: 'f' }, 'arn:aws:lambda:eu-central-1:111122223333:function:f'],
  [
    'lambda',
    'UpdateFunctionCode20150331v2',
    { functionName: '111122223333:function:f' },
    'arn:aws:lambda:eu-central-1:111122223333:function:f',
  ],
  ['dynamodb', 'DescribeTable', { tableName: 't' }, 'arn:aws:dynamodb:eu-central-1:111122223333:table/t'],
  [
    'dynamodb',
    'Query',
    { tableName: 't', indexName: 'i' },
    'arn:aws:dynamodb:eu-central-1:111122223333:table/t/index/i',
  ],
  [
    'sqs',
    'SendMessageBatch',
    { queueUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/q' },
    'arn:aws:sqs:eu-central-1:111122223333:q',
  ],
  ['sns', 'Publish', { topicArn: 'arn:aws:sns:eu-central-1:1:t' }, 'arn:aws:sns:eu-central-1:1:t'],
  ['ssm', 'GetParameter', { name: '/a/b' }, 'arn:aws:ssm:eu-central-1:111122223333:parameter/a/b'],
  ['kms', 'Encrypt', { keyId: 'k-1' }, 'arn:aws:kms:eu-central-1:111122223333:key/k-1'],
  [
    'secretsmanager',
    'GetSecretValue',
    { secretId: 'db/prod' },
    'arn:aws:secretsmanager:eu-central-1:111122223333:secret:db/prod-??????',
  ],
  ['cloudtrail', 'StopLogging', { name: 't' }, 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/t'],
])('%s %s of %j is on %s', (source, name, parameters, arn) => {
  expect(resources(source, name, parameters)).toEqual([[arn]]);
});

test('each of several named things is a resource', () => {
  const instancesSet = { items: [{ instanceId: 'i-0123456789abcdef0' }, { instanceId: 'i-01234567' }] };
  expect(resources('ec2', 'TerminateInstances', { instancesSet })).toEqual([
    [
      'arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef0',
      'arn:aws:ec2:eu-central-1:111122223333:instance/i-01234567',
    ],
  ]);
  expect(resources('ssm', 'GetParameters', { names: ['/a/b', 'a'] })).toEqual([
    ['arn:aws:ssm:eu-central-1:111122223333:parameter/a/b', 'arn:aws:ssm:eu-central-1:111122223333:parameter/a'],
  ]);
});

test('of the ARNs that the record lists those count that fit a resource type of the action', () => {
  const listed = ['arn:aws:s3:::b/k', 'arn:aws:s3:::b'];
  expect(resources('s3', 'GetObject', { bucketName: 'b', key: 'k' }, { resources: listed })).toEqual([
    ['arn:aws:s3:::b/k'],
  ]);
  expect(resources('s3', 'ListObjects', { bucketName: 'b' }, { resources: listed })).toEqual([['arn:aws:s3:::b']]);
});

test('a policy that is attached is not the resource, the role is', () => {
  const parameters = { policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess', roleName: 'r' };
  expect(resources('iam', 'AttachRolePolicy', parameters)).toEqual([['arn:aws:iam::111122223333:role/r']]);
});

test('every action of a call has its own resources', () => {
  const copy = { 'x-amz-copy-source': '/from/a%20b', bucketName: 'to', key: 'c' };
  expect(resources('s3', 'CopyObject', copy)).toEqual([['arn:aws:s3:::to/c'], ['arn:aws:s3:::from/a b']]);
  const point = 'arn:aws:s3:eu-central-1:111122223333:accesspoint/p/object/k';
  const behind = call('s3', 'CopyObject', { ...copy, 'x-amz-copy-source': `${point}?versionId=1` });
  expect(behind.map(({ resources: arns }) => arns)).toEqual([['arn:aws:s3:::to/c'], [point]]);
  expect(behind[1]?.action).toBe('s3:GetObjectVersion');
  const arn = (table: string) => `arn:aws:dynamodb:eu-central-1:111122223333:table/${table}`;
  const transactItems = [{ put: { tableName: 'a' } }, { put: { tableName: 'b' } }, { delete: { tableName: 'c' } }];
  expect(resources('dynamodb', 'TransactWriteItems', { transactItems })).toEqual([[arn('a'), arn('b')], [arn('c')]]);
  expect(resources('dynamodb', 'ExecuteStatement', { statement: `UPDATE "t" SET a=1` })).toEqual([[arn('t')]]);
  expect(resources('dynamodb', 'BatchGetItem', { requestItems: { t: {} } })).toEqual([[arn('t')]]);
  const requestItems = [{ operation: 'Delete', TableName: 'd' }];
  expect(resources('dynamodb', 'TransactWriteItems', { requestItems })).toEqual([[arn('d')]]);
  const shardIterator = `${arn('t/stream/2021')}|1|AAAA==`;
  expect(resources('dynamodb', 'GetRecords', { shardIterator })).toEqual([[arn('t/stream/2021')]]);
  const keys = {
    sourceKeyId: 'arn:aws:kms:eu-central-1:1:key/a',
    destinationKeyId: 'arn:aws:kms:eu-central-1:1:key/b',
  };
  expect(resources('kms', 'ReEncrypt', keys, { resources: Object.values(keys) })).toEqual([
    [keys.sourceKeyId],
    [keys.destinationKeyId],
  ]);
});

const ec2 = (type: string, id: string) => `arn:aws:ec2:eu-central-1:111122223333:${type}/${id}`;

test('ids of EC2 say their type, wherever a request names them', () => {
  const resourcesSet = { items: [{ resourceId: 'ami-0123456789abcdef0' }, { resourceId: 'vpc-0123456789abcdef0' }] };
  expect(resources('ec2', 'CreateTags', { resourcesSet })).toEqual([
    ['arn:aws:ec2:eu-central-1::image/ami-0123456789abcdef0', ec2('vpc', 'vpc-0123456789abcdef0')],
  ]);
  const DeleteNatGatewayRequest = { NatGatewayId: 'nat-0123456789abcdef0' };
  expect(resources('ec2', 'DeleteNatGateway', { DeleteNatGatewayRequest })).toEqual([
    [ec2('natgateway', 'nat-0123456789abcdef0')],
  ]);
  expect(resources('ec2', 'DeleteSecurityGroup', { groupName: 'sg-db', other: 'i-0123456789abcdef0' })).toEqual([[]]);
});

test('what a call of EC2 makes has no id yet: it is authorised as any of its type', () => {
  expect(resources('ec2', 'CreateVpc', { cidrBlock: '10.0.0.0/16' })).toEqual([[ec2('vpc', '*')]]);
  expect(resources('ec2', 'CreateSubnet', { vpcId: 'vpc-0123456789abcdef0' })).toEqual([
    [ec2('vpc', 'vpc-0123456789abcdef0'), ec2('subnet', '*')],
  ]);
  expect(resources('ec2', 'DeleteVpc', {})).toEqual([[]]);
});

test('a call of IAM about a user that names none is about its caller', () => {
  const arn = 'arn:aws:iam::111122223333:user/team/alice';
  expect(resources('iam', 'GetUser', null, { caller: { arn } })).toEqual([[arn]]);
  expect(resources('iam', 'GetUser', { userName: 'bob' }, { caller: { arn } })).toEqual([
    ['arn:aws:iam::111122223333:user/bob'],
  ]);
  expect(resources('iam', 'GetUser', null, { caller: { arn: 'arn:aws:iam::111122223333:root' } })).toEqual([[]]);
  expect(resources('iam', 'GetRole', null, { caller: { arn } })).toEqual([[]]);
});

test('what Systems Manager tags is named by type and id', () => {
  expect(resources('ssm', 'ListTagsForResource', { resourceType: 'Parameter', resourceId: '/a/b' })).toEqual([
    ['arn:aws:ssm:eu-central-1:111122223333:parameter/a/b'],
  ]);
  expect(resources('ssm', 'ListTagsForResource', { resourceType: 'constructor', resourceId: 'x' })).toEqual([[]]);
});

test('where the record shows nothing else, a denial names the resource', () => {
  const errorMessage =
    'User: u is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/r';
  expect(resources('sts', 'AssumeRole', null, { errorMessage })).toEqual([['arn:aws:iam::111122223333:role/r']]);
  expect(resources('iam', 'GetRole', null, { errorMessage })).toEqual([[]]);
});

test.each([
  ['CreateStage', { restApiId: 'a', createStageInput: { stageName: 's' } }, '/restapis/a/stages'],
  ['GetStage', { restApiId: 'a', stageName: 's' }, '/restapis/a/stages/s'],
  ['GetStages', { restApiId: 'a' }, '/restapis/a/stages'],
  ['GetStages', { apiId: 'a' }, '/apis/a/stages'],
  ['UpdateStage', { apiId: 'a', stageName: 's' }, '/apis/a/stages/s'],
  ['PutMethod', { restApiId: 'a', resourceId: 'r', httpMethod: 'GET' }, '/restapis/a/resources/r/methods/GET'],
  ['CreateRestApi', { createRestApiInput: { name: 'n' } }, '/restapis'],
  ['DeleteRestApi', { restApiId: 'a' }, '/restapis/a'],
  ['GetRestApis', {}, '/restapis'],
  ['CreateDeployment', { apiId: 'a' }, '/apis/a/deployments'],
  ['DeleteDomainName', { domainName: 'd.example.com' }, '/domainnames/d.example.com'],
  ['CreateUsagePlanKey', { usagePlanId: 'u' }, '/usageplans/u/keys'],
])('API Gateway’s %s of %j is on the path %s', (name, parameters, path) => {
  expect(resources('apigateway', name, parameters)).toEqual([[`arn:aws:apigateway:eu-central-1::${path}`]]);
});

test('tagging a stage is on the path of its tags', () => {
  const resourceArn = 'arn:aws:apigateway:eu-central-1::/restapis/a/stages/s';
  expect(call('apigateway', 'TagResource', { resourceArn, template: false }).map(({ action }) => action)).toEqual([
    'apigateway:PUT',
  ]);
});

test('what cannot be known is left empty, never guessed', () => {
  expect(resources('s3', 'ListBuckets', {})).toEqual([[]]);
  expect(resources('ec2', 'DescribeInstances', { instanceId: 'i-1' })).toEqual([[]]);
  expect(resources('kms', 'Encrypt', { keyId: 'alias/aws/ssm' })).toEqual([[]]);
  expect(resources('dynamodb', 'DescribeTable', { tableName: 't' }, { account: null })).toEqual([[]]);
  expect(resources('apigateway', 'CreateStage', {})).toEqual([[]]);
  for (const odd of [null, 'text', 7, [], { tableName: 7 }, { tableName: '' }, { tableName: null }]) {
    expect(resources('dynamodb', 'DescribeTable', odd)).toEqual([[]]);
  }
});

test('a command to an EC2 instance is not one to a hybrid machine', () => {
  expect(resources('ssm', 'SendCommand', { documentName: 'D', instanceIds: ['i-1', 'mi-2'] })).toEqual([
    ['arn:aws:ssm:eu-central-1:111122223333:document/D', 'arn:aws:ec2:eu-central-1:111122223333:instance/i-1'],
  ]);
});

test('partitions follow the region', () => {
  const of = (region: string) => resources('s3', 'ListObjects', { bucketName: 'b' }, { region });
  expect(of('cn-north-1')).toEqual([['arn:aws-cn:s3:::b']]);
  expect(of('us-gov-west-1')).toEqual([['arn:aws-us-gov:s3:::b']]);
});

test('an unmapped event keeps the ARNs that the record lists', () => {
  expect(resources('newthing', 'DoIt', {}, { resources: ['arn:aws:new:::x'] })).toEqual([['arn:aws:new:::x']]);
});

test('an ARN made to keep the pattern busy is answered at once', () => {
  const busy = `arn:aws:kinesis:eu-central-1:111122223333:${'a/'.repeat(500_000)}`;
  const started = performance.now();
  for (const resource of [busy, busy.slice(0, 2_000)]) {
    expect(
      resources('kinesis', 'DescribeStreamConsumer', { consumerARN: resource }, { resources: [resource] }),
    ).toEqual([[]]);
  }
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('a request that names very many things is read so far and no further', () => {
  const items = Array.from({ length: 5_000 }, (_, i) => ({ instanceId: `i-${10_000_000 + i}` }));
  expect(resources('ec2', 'TerminateInstances', { instancesSet: { items } })[0]).toHaveLength(100);
});
