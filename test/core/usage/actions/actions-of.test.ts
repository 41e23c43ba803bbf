import { findAction, servicePrefixes } from '../../../../core/catalogue/catalogue.ts';
import type { AccountId } from '../../../../core/identity/principal.ts';
import { actionNamesOf, actionsOf, type MappableEvent } from '../../../../core/usage/actions/actions-of.ts';
import { needsByRequest } from '../../../../core/usage/actions/by-request.ts';
import { actionByVerb, renames } from '../../../../core/usage/actions/renames.ts';
import { alsoUnder, prefixBySource } from '../../../../core/usage/actions/source-prefix.ts';

const call = (source: string, name: string, requestParameters: unknown = null): MappableEvent => ({
  kind: 'api-call',
  source: `${source}.amazonaws.com`,
  name,
  requestParameters,
  resources: [],
  region: 'eu-central-1',
  account: '111122223333' as AccountId,
});
const names = (event: MappableEvent) => actionsOf(event).actions.map(({ action }) => action);

test.each([
  ['ec2', 'RunInstances', 'ec2:RunInstances'],
  ['monitoring', 'PutMetricAlarm', 'cloudwatch:PutMetricAlarm'],
  ['tagging', 'GetResources', 'tag:GetResources'],
  ['email', 'SendEmail', 'ses:SendEmail'],
  ['servicecatalog-appregistry', 'ListApplications', 'servicecatalog:ListApplications'],
  ['lambda', 'ListFunctions20150331', 'lambda:ListFunctions'],
  ['lambda', 'UpdateFunctionCode20150331v2', 'lambda:UpdateFunctionCode'],
  ['lambda', 'Invoke', 'lambda:InvokeFunction'],
  ['cloudfront', 'CreateDistribution2020_05_31', 'cloudfront:CreateDistribution'],
  ['access-analyzer', 'ListFindingsV2', 'access-analyzer:ListFindings'],
  ['s3', 'ListObjects', 's3:ListBucket'],
  ['s3', 'ListObjectsV2', 's3:ListBucket'],
  ['s3', 'HeadObject', 's3:GetObject'],
  ['s3', 'ListBuckets', 's3:ListAllMyBuckets'],
  ['s3', 'GetBucketCors', 's3:GetBucketCORS'],
  ['s3', 'DeleteBucketReplication', 's3:PutReplicationConfiguration'],
  ['rdsdataapi', 'ExecuteStatement', 'rds-data:ExecuteStatement'],
  ['autoscaling', 'RegisterScalableTarget', 'application-autoscaling:RegisterScalableTarget'],
  ['autoscaling', 'PutScalingPolicy', 'autoscaling:PutScalingPolicy'],
  ['s3express', 'GetObject', 's3express:CreateSession'],
  ['s3express', 'ListDirectoryBuckets', 's3express:ListAllMyDirectoryBuckets'],
  ['signin', 'CreateOAuth2Token', 'signin:CreateOAuth2Token'],
  ['sqs', 'SendMessageBatch', 'sqs:SendMessage'],
  ['sns', 'PublishBatch', 'sns:Publish'],
  ['apigateway', 'CreateStage', 'apigateway:POST'],
  ['apigateway', 'ImportApi', 'apigateway:PUT'],
  ['cassandra', 'DeleteTable', 'cassandra:Drop'],
])('%s %s needs %s', (source, name, action) => {
  expect(actionsOf(call(source, name))).toMatchObject({ actions: [{ action, certain: true }], unmapped: false });
});

test('KMS re-encryption needs one action for each key', () => {
  expect(names(call('kms', 'ReEncrypt'))).toEqual(['kms:ReEncryptFrom', 'kms:ReEncryptTo']);
});

test('a version id changes what S3 asks for', () => {
  expect(names(call('s3', 'GetObject', { bucketName: 'b', key: 'k' }))).toEqual(['s3:GetObject']);
  expect(names(call('s3', 'GetObject', { bucketName: 'b', key: 'k', versionId: '1' }))).toEqual([
    's3:GetObjectVersion',
  ]);
});

test('a copy reads and writes, and needs the actions of ACL, tags and locks only where the request carries them', () => {
  const source = { 'x-amz-copy-source': '/from/key', bucketName: 'to', key: 'key' };
  expect(names(call('s3', 'CopyObject', source))).toEqual(['s3:PutObject', 's3:GetObject']);
  const more = {
    ...source,
    'x-amz-tagging': 'a=b',
    'x-amz-acl': 'public-read',
    'x-amz-object-lock-mode': 'GOVERNANCE',
  };
  expect(names(call('s3', 'CopyObject', more))).toEqual([
    's3:PutObject',
    's3:PutObjectAcl',
    's3:PutObjectTagging',
    's3:PutObjectRetention',
    's3:GetObject',
  ]);
});

test('making a bucket asks for the ACL action only for an ACL that is not private', () => {
  expect(names(call('s3', 'CreateBucket', { 'x-amz-acl': 'private' }))).toEqual(['s3:CreateBucket']);
  expect(names(call('s3', 'CreateBucket', { 'x-amz-acl': 'public-read' }))).toContain('s3:PutBucketAcl');
});

test('assuming a role with tags or a source identity needs their actions too', () => {
  const parameters = { roleArn: 'arn:aws:iam::111122223333:role/r', sourceIdentity: 'me', tags: [{ key: 'a' }] };
  expect(names(call('sts', 'AssumeRole', parameters))).toEqual([
    'sts:AssumeRole',
    'sts:SetSourceIdentity',
    'sts:TagSession',
  ]);
});

test('what scales another service is told by the request, since the source is the same', () => {
  expect(names(call('autoscaling', 'PutScalingPolicy', { serviceNamespace: 'ecs' }))).toEqual([
    'application-autoscaling:PutScalingPolicy',
  ]);
});

test('deleting many objects may have deleted versions: the record does not say', () => {
  expect(actionsOf(call('s3', 'DeleteObjects', { bucketName: 'b', delete: '' })).actions).toMatchObject([
    { action: 's3:DeleteObject', certain: true },
    { action: 's3:DeleteObjectVersion', certain: false },
  ]);
});

test('a DynamoDB transaction needs the action of each item, once', () => {
  const requestItems = [
    { operation: 'Put', tableName: 'a' },
    { operation: 'ConditionCheck', TableName: 'b' },
  ];
  expect(names(call('dynamodb', 'TransactWriteItems', { requestItems }))).toEqual([
    'dynamodb:PutItem',
    'dynamodb:ConditionCheckItem',
  ]);
  const put = { put: { tableName: 'a' } };
  const transactItems = [put, put, { conditionCheck: { tableName: 'b' } }];
  expect(names(call('dynamodb', 'TransactWriteItems', { transactItems }))).toEqual([
    'dynamodb:PutItem',
    'dynamodb:ConditionCheckItem',
  ]);
  expect(names(call('dynamodb', 'TransactGetItems'))).toEqual(['dynamodb:GetItem']);
});

test('a PartiQL statement says its action; without one any may have been needed, and none is certain', () => {
  expect(actionsOf(call('dynamodb', 'ExecuteStatement', { statement: 'select * from "t"' })).actions).toMatchObject([
    { action: 'dynamodb:PartiQLSelect', certain: true },
  ]);
  const requestItems = [{ statement: 'UPDATE a SET b = 1' }, { statement: "INSERT INTO a VALUE {'b' : 1}" }];
  expect(names(call('dynamodb', 'BatchExecuteStatement', { requestItems }))).toEqual([
    'dynamodb:PartiQLUpdate',
    'dynamodb:PartiQLInsert',
  ]);
  const unknown = actionsOf(call('dynamodb', 'ExecuteStatement')).actions;
  expect(unknown.map(({ action }) => action)).toEqual([
    'dynamodb:PartiQLDelete',
    'dynamodb:PartiQLInsert',
    'dynamodb:PartiQLSelect',
    'dynamodb:PartiQLUpdate',
  ]);
  expect(unknown.every(({ certain }) => !certain)).toBe(true);
});

test('what the catalogue does not know is kept as unmapped under its source and name', () => {
  expect(actionsOf(call('newthing', 'DoIt'))).toEqual({
    actions: [{ action: 'unmapped:newthing.amazonaws.com/DoIt', resources: [], certain: false }],
    unmapped: true,
  });
});

test.each(['constructor', '__proto__', 'toString', '', '2015'])('a name like %j is unmapped, not a fault', (name) => {
  expect(actionsOf(call('s3', name)).unmapped).toBe(true);
  expect(actionsOf(call(name, 'GetObject')).unmapped).toBe(true);
});

test('a name made to keep us busy is unmapped at once', () => {
  const started = performance.now();
  expect(actionsOf(call('s3', `${'0'.repeat(1_000_000)}x`)).unmapped).toBe(true);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('sign-ins and what services do on their own need no action and are not unmapped', () => {
  for (const kind of ['sign-in', 'service-event'] as const) {
    const event: MappableEvent = { ...call('signin', 'ConsoleLogin'), kind };
    expect(actionsOf(event)).toEqual({ actions: [], unmapped: false });
    expect(actionNamesOf(event)).toEqual([]);
  }
  expect(actionsOf(call('signin', 'SwitchRole'))).toEqual({ actions: [], unmapped: false });
  expect(actionsOf(call('sso', 'GetRoleCredentials'))).toEqual({ actions: [], unmapped: false });
});

test('the names alone are those of the full answer, request by request', () => {
  const requests = [null, {}, { versionId: 'v', 'x-amz-acl': 'x' }, { statement: 'update "t" set a = 1' }];
  const calls = Object.keys(needsByRequest).map((key) => key.split(':') as [string, string]);
  for (const [source, name] of [...calls, ['ec2', 'RunInstances'] as const, ['no', 'Such'] as const]) {
    for (const request of requests) {
      expect(actionNamesOf(call(source, name, request))).toEqual(names(call(source, name, request)));
    }
  }
});

test('every target of the tables exists in the catalogue, in its spelling', () => {
  const renamed = Object.entries(renames).flatMap(([prefix, table]) =>
    Object.values(table).flatMap((targets) =>
      targets.split(' ').map((name) => (name.startsWith('+') ? name.slice(1) : `${prefix}:${name}`)),
    ),
  );
  const verbs = Object.entries(actionByVerb).flatMap(([prefix, table]) =>
    Object.values(table).map((name) => `${prefix}:${name}`),
  );
  expect([...renamed, ...verbs].filter((action) => findAction(action)?.action !== action)).toEqual([]);
  const prefixes = [...Object.values(prefixBySource), ...Object.values(alsoUnder).flat()];
  expect(prefixes.filter((prefix) => !servicePrefixes().includes(prefix))).toEqual([]);
});

test('every action that a request can lead to exists in the catalogue', () => {
  const item = { tableName: 't' };
  const requests = [
    {},
    { versionId: 'v' },
    { 'x-amz-acl': 'public-read', 'x-amz-tagging': 'a', 'x-amz-object-lock-mode': 'm' },
    { 'x-amz-object-lock-legal-hold': 'ON', 'x-amz-bucket-object-lock-enabled': true, 'x-amz-object-ownership': 'o' },
    { 'x-amz-copy-source': 'b/k?versionId=1', sourceIdentity: 's', tags: [1], serviceNamespace: 'ecs' },
    { transactItems: [{ get: item }, { put: item }, { update: item }, { delete: item }, { conditionCheck: item }] },
    ...['select', 'insert', 'update', 'delete'].map((verb) => ({ statement: `${verb} x` })),
  ];
  const all = Object.values(needsByRequest).flatMap((needs) => requests.flatMap(needs).map(({ action }) => action));
  expect(all.filter((action) => findAction(action)?.action !== action)).toEqual([]);
});
