import { allActions, findAction } from '../../../../core/catalogue/catalogue.ts';
import type { AccountId } from '../../../../core/identity/principal.ts';
import {
  actionNamesOf,
  actionsOf,
  everyActionOf,
  type MappableEvent,
} from '../../../../core/usage/actions/actions-of.ts';
import { alongOf, besidesOf } from '../../../../core/usage/actions/besides.ts';
import { taggingTargets } from '../../../../core/usage/actions/besides-table.ts';

const call = (source: string, name: string, requestParameters: unknown): MappableEvent => ({
  kind: 'api-call',
  source: `${source}.amazonaws.com`,
  name,
  requestParameters,
  resources: [],
  region: 'eu-central-1',
  account: '111122223333' as AccountId,
});
const role = 'arn:aws:iam::111122223333:role/service/worker';
const passed = (...event: Parameters<typeof call>) =>
  actionsOf(call(...event)).actions.filter(({ action }) => action === 'iam:PassRole');
const names = (...event: Parameters<typeof call>) => everyActionOf(call(...event)).actions.map(({ action }) => action);

test.each([
  ['lambda', 'CreateFunction20150331', { functionName: 'f', role }],
  ['ecs', 'RunTask', { overrides: { taskRoleArn: role } }],
  ['states', 'CreateStateMachine', { name: 'm', roleArn: role }],
  ['iam', 'AddRoleToInstanceProfile', { instanceProfileName: 'p', roleName: 'worker' }],
  ['s3', 'PutBucketReplication', { ReplicationConfiguration: { Role: role } }],
])('%s %s passes the role that it names, as AWS says of the action', (source, name, parameters) => {
  const arn = name === 'AddRoleToInstanceProfile' ? 'arn:aws:iam::111122223333:role/worker' : role;
  expect(passed(source, name, parameters)).toEqual([{ action: 'iam:PassRole', resources: [arn], certain: true }]);
});

test.each([
  ['lambda', 'UpdateFunctionConfiguration20150331v2', { functionName: 'f', role }],
  ['ecs', 'RegisterTaskDefinition', { family: 'f', executionRoleArn: role }],
  ['eks', 'CreateCluster', { name: 'c', roleArn: role }],
  ['glue', 'CreateJob', { name: 'j', role }],
  ['events', 'PutTargets', { rule: 'r', targets: [{ arn: 'arn:aws:x', roleArn: role }] }],
  ['firehose', 'CreateDeliveryStream', { extendedS3DestinationConfiguration: { roleARN: role } }],
  ['ec2', 'RequestSpotFleet', { spotFleetRequestConfig: { iamFleetRole: role } }],
  ['cloudformation', 'CreateStack', { stackName: 's', roleARN: role }],
  ['ssm', 'StartAutomationExecution', { documentName: 'd', parameters: { AutomationAssumeRole: [role] } }],
  ['cognito-identity', 'SetIdentityPoolRoles', { identityPoolId: 'i', roles: { authenticated: role } }],
])('%s %s perhaps passes the role under a parameter that is called like one', (source, name, parameters) => {
  expect(passed(source, name, parameters)).toEqual([{ action: 'iam:PassRole', resources: [role], certain: false }]);
});

test.each([
  ['sts', 'AssumeRole', { roleArn: role }],
  ['iam', 'UpdateAssumeRolePolicy', { roleName: 'worker', policyDocument: role }],
  ['kms', 'CreateGrant', { granteePrincipal: role }],
  ['lambda', 'AddPermission20150331v2', { principal: role }],
  ['lambda', 'CreateFunction20150331', { functionName: 'f', role: 'worker' }],
  ['glue', 'GetJob', { role }],
  ['ssm', 'PutParameter', { role }],
  ['ec2', 'CreateVpc', { role }],
  ['eks', 'CreateAccessEntry', { principalArn: role }],
  ['ec2', 'RunInstances', { instanceType: 't3.micro' }],
])('%s %s passes no role that could be named', (source, name, parameters) => {
  expect(passed(source, name, parameters)).toEqual([]);
});

test('a launch with an instance profile passes its role, which the record does not show', () => {
  expect(passed('ec2', 'RunInstances', { iamInstanceProfile: { name: 'p' } })).toEqual([
    { action: 'iam:PassRole', resources: [], certain: true },
  ]);
});

test('several roles are passed at once, each named once', () => {
  const other = 'arn:aws:iam::111122223333:role/other';
  const parameters = { executionRoleArn: role, taskRoleArn: other, again: { roleArn: role } };
  expect(passed('ecs', 'RegisterTaskDefinition', parameters)[0]?.resources).toEqual([role, other]);
});

test.each([
  ['ec2', 'RunInstances', { tagSpecificationSet: { items: [{ resourceType: 'instance' }] } }, 'ec2:CreateTags'],
  ['ec2', 'RunInstances', { tagSpecificationSet: { items: [] } }, undefined],
  ['ec2', 'CreateVpc', {}, undefined],
  ['lambda', 'CreateFunction20150331', { tags: { a: 'b' } }, 'lambda:TagResource'],
  ['lambda', 'CreateFunction20150331', { tags: {} }, undefined],
  ['sqs', 'CreateQueue', { queueName: 'q', tags: { a: 'b' } }, 'sqs:TagQueue'],
  ['iam', 'CreateRole', { roleName: 'r', tags: [{ key: 'a' }] }, 'iam:TagRole'],
  ['iam', 'CreatePolicy', { policyName: 'p', tags: [{ key: 'a' }] }, 'iam:TagPolicy'],
  ['rds', 'CreateDBInstance', { tags: [{ key: 'a' }] }, 'rds:AddTagsToResource'],
  ['ssm', 'PutParameter', { name: 'n', tags: [{ key: 'a' }] }, 'ssm:AddTagsToResource'],
  ['cloudtrail', 'CreateTrail', { name: 't', tagsList: [{ key: 'a' }] }, 'cloudtrail:AddTags'],
  ['elasticloadbalancing', 'CreateLoadBalancer', { tags: [{ key: 'a' }] }, 'elasticloadbalancing:AddTags'],
] as const)('%s %s of %j needs the tagging action only with tags', (source, name, parameters, tagging) => {
  expect(names(source, name, parameters).slice(1)).toEqual(tagging === undefined ? [] : [tagging]);
});

test('tags that come along are told but not filed: neither their absence nor a first one says anything', () => {
  const event = call('lambda', 'CreateFunction20150331', { functionName: 'f', tags: { a: 'b' } });
  expect(actionsOf(event).actions.map(({ action }) => action)).toEqual(['lambda:CreateFunction']);
  expect(actionNamesOf(event)).toEqual(['lambda:CreateFunction']);
});

test('tagging by itself needs nothing besides', () => {
  expect(names('ec2', 'CreateTags', { tagSet: { items: [{ key: 'a' }] } })).toEqual(['ec2:CreateTags']);
  expect(names('lambda', 'TagResource20170331v2', { tags: { a: 'b' } })).toEqual(['lambda:TagResource']);
});

test('a key of its own is perhaps used, in the name of whoever calls; a key of AWS is not', () => {
  const kmsKeyId = 'arn:aws:kms:eu-central-1:111122223333:key/k-1';
  const used = everyActionOf(call('rds', 'CreateDBInstance', { kmsKeyId })).actions.slice(1);
  expect(used.map(({ action }) => action)).toEqual([
    'kms:CreateGrant',
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:GenerateDataKey',
  ]);
  expect(used.every(({ certain }) => !certain)).toBe(true);
  expect(used[1]?.resources).toEqual([kmsKeyId]);
  expect(names('rds', 'CreateDBInstance', { kmsKeyId: 'alias/aws/rds' })).toEqual(['rds:CreateDBInstance']);
  expect(names('rds', 'CreateDBInstance', {})).toEqual(['rds:CreateDBInstance']);
});

test('what S3 encrypts with a key of KMS perhaps needs the key: the request or the response says so', () => {
  const key = 'arn:aws:kms:eu-central-1:111122223333:key/k-1';
  const header = 'x-amz-server-side-encryption';
  const encrypted = { [header]: 'aws:kms', [`${header}-aws-kms-key-id`]: key };
  const needs = (name: string, request: object, responseElements: object | null) =>
    everyActionOf({ ...call('s3', name, { bucketName: 'b', key: 'k', ...request }), responseElements }).actions.slice(
      1,
    );
  const generate = [{ action: 'kms:GenerateDataKey', resources: [key], certain: false }];
  expect(needs('PutObject', encrypted, null)).toEqual(generate);
  expect(needs('PutObject', {}, encrypted)).toEqual(generate);
  expect(needs('GetObject', {}, encrypted)).toEqual([{ action: 'kms:Decrypt', resources: [key], certain: false }]);
  expect(needs('PutObject', { [header]: 'AES256' }, { [header]: 'AES256' })).toEqual([]);
});

test('a key that was used is not filed: only its own record shows that the trail has such records', () => {
  const event = call('rds', 'CreateDBInstance', { kmsKeyId: 'k-1' });
  expect(actionsOf(event).actions.map(({ action }) => action)).toEqual(['rds:CreateDBInstance']);
});

test('whatever a request carries, only actions of the catalogue come of it, and both ways of asking agree', () => {
  const request = {
    role,
    roles: [role],
    iamInstanceProfile: { name: 'p' },
    tags: [{ key: 'a' }],
    tagSpecificationSet: { items: [{}] },
    kmsKeyId: 'k',
    'x-amz-server-side-encryption': 'aws:kms',
    roleName: 'worker',
  };
  const targets = new Set([
    ...taggingTargets(),
    ...allActions()
      .flatMap((action) => [
        ...(besidesOf(action)?.(request, {}) ?? []),
        ...(alongOf(action)?.(request, request) ?? []),
      ])
      .map((need) => need.action),
  ]);
  expect([...targets].filter((action) => findAction(action)?.action !== action)).toEqual([]);
  expect(targets.size).toBeGreaterThan(50);
  const event = call('lambda', 'CreateFunction20150331', request);
  expect(actionNamesOf(event)).toEqual(actionsOf(event).actions.map(({ action }) => action));
});

test('a request made to keep us busy is read only so far', () => {
  const deep = JSON.parse(`${'{"role":'.repeat(3_000)}1${'}'.repeat(3_000)}`);
  const wide = { roles: Array.from({ length: 200_000 }, (_, i) => `arn:aws:iam::111122223333:role/r${i}`) };
  const started = performance.now();
  expect(passed('lambda', 'CreateFunction20150331', deep)).toEqual([]);
  expect(passed('lambda', 'CreateFunction20150331', wide)[0]?.resources).toHaveLength(20);
  expect(performance.now() - started).toBeLessThan(2_000);
});
