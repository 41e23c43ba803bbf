import {
  DynamoDBClient,
  GetResourcePolicyCommand as GetTablePolicyCommand,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeRepositoriesCommand, ECRClient, GetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { GetKeyPolicyCommand, KMSClient, ListGrantsCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { GetPolicyCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetResourcePolicyCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import type { Place } from '../../../adapters/aws/resource-policies/reader.ts';
import { readers, resourceScan } from '../../../adapters/aws/resource-policies/scan.ts';
import { partOf } from '../../../core/identity/inventory-parts.ts';
import { resourceReading } from '../../../core/identity/reading-actions.ts';
import { ReadingDenied } from '../../../usecases/ports/inventory-scan.ts';

const account = '111122223333';
const region = 'eu-central-1';
const place = (asked: string, where: string): Place => ({
  account: asked,
  partition: 'aws',
  region: where,
  client: { region: where, maxAttempts: 1, retryMode: 'standard' },
});
const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
const text = (id: string) => JSON.stringify({ Version: '2012-10-17', Id: id, Statement: [] });
const named = (name: string) => Object.assign(new Error('no'), { name });

const clients = {
  s3: mockClient(S3Client),
  kms: mockClient(KMSClient),
  sqs: mockClient(SQSClient),
  sns: mockClient(SNSClient),
  lambda: mockClient(LambdaClient),
  secretsmanager: mockClient(SecretsManagerClient),
  ecr: mockClient(ECRClient),
  dynamodb: mockClient(DynamoDBClient),
  events: mockClient(EventBridgeClient),
};

/** Two resources of each service: one with a policy, and, where the service knows such, one without. */
beforeEach(() => {
  for (const client of Object.values(clients)) (client as { reset(): unknown }).reset();
  clients.s3
    .on(ListBucketsCommand)
    .resolves({ Buckets: [{ Name: 'a' }], ContinuationToken: 'more' })
    .on(ListBucketsCommand, { ContinuationToken: 'more' })
    .resolves({ Buckets: [{ Name: 'b' }] })
    .on(GetBucketPolicyCommand, { Bucket: 'a' })
    .resolves({ Policy: text('a') })
    .on(GetBucketPolicyCommand, { Bucket: 'b' })
    .rejects(named('NoSuchBucketPolicy'))
    .on(GetBucketOwnershipControlsCommand)
    .rejects(named('OwnershipControlsNotFoundError'))
    .on(GetPublicAccessBlockCommand)
    .rejects(named('NoSuchPublicAccessBlockConfiguration'));
  clients.kms
    .on(ListKeysCommand)
    .resolves({ Keys: [{ KeyId: '1', KeyArn: arn('kms', 'key/1') }] })
    .on(GetKeyPolicyCommand)
    .resolves({ Policy: text('key') })
    .on(ListGrantsCommand)
    .resolves({
      Grants: [
        { GranteePrincipal: 'g', Operations: ['Decrypt'], Constraints: { EncryptionContextEquals: { a: 'b' } } },
      ],
      NextMarker: 'more',
    })
    .on(ListGrantsCommand, { Marker: 'more' })
    .resolves({ Grants: [{ GranteePrincipal: 'h', RetiringPrincipal: 'r', Operations: ['Encrypt'] }] });
  clients.sqs
    .on(ListQueuesCommand)
    .resolves({ QueueUrls: [`https://sqs.${region}.amazonaws.com/${account}/q`] })
    .on(GetQueueAttributesCommand)
    .resolves({ Attributes: { Policy: text('q') } });
  clients.sns
    .on(ListTopicsCommand)
    .resolves({ Topics: [{ TopicArn: arn('sns', 't') }] })
    .on(GetTopicAttributesCommand)
    .resolves({ Attributes: { Policy: text('t') } });
  clients.lambda
    .on(ListFunctionsCommand)
    .resolves({ Functions: [{ FunctionArn: arn('lambda', 'function:f') }], NextMarker: 'more' })
    .on(ListFunctionsCommand, { Marker: 'more' })
    .resolves({ Functions: [{ FunctionArn: arn('lambda', 'function:g') }] })
    .on(GetPolicyCommand, { FunctionName: arn('lambda', 'function:f') })
    .resolves({ Policy: text('f') })
    .on(GetPolicyCommand, { FunctionName: arn('lambda', 'function:g') })
    .rejects(named('ResourceNotFoundException'));
  clients.secretsmanager
    .on(ListSecretsCommand)
    .resolves({ SecretList: [{ ARN: arn('secretsmanager', 'secret:s-abc') }] })
    .on(GetResourcePolicyCommand)
    .resolves({ ResourcePolicy: text('s') });
  clients.ecr
    .on(DescribeRepositoriesCommand)
    .resolves({ repositories: [{ repositoryName: 'r', repositoryArn: arn('ecr', 'repository/r') }] })
    .on(GetRepositoryPolicyCommand)
    .rejects(named('RepositoryPolicyNotFoundException'));
  clients.dynamodb
    .on(ListTablesCommand)
    .resolves({ TableNames: ['d'] })
    .on(GetTablePolicyCommand)
    .rejects(named('PolicyNotFoundException'));
  clients.events
    .on(ListEventBusesCommand)
    .resolves({ EventBuses: [{ Arn: arn('events', 'event-bus/default'), Policy: text('e') }] });
});

/** Every part of the account, one after the other. */
async function readAll(regions: readonly string[]) {
  const scan = resourceScan(place, regions);
  const reads = [];
  for (const part of scan.parts) {
    const read = await scan.read(account, part);
    expect(read.resources.map((each) => partOf(each.arn)).filter((each) => each !== part)).toEqual([]);
    reads.push(read);
  }
  const resources = reads.flatMap((read) => read.resources).sort((a, b) => (a.arn < b.arn ? -1 : 1));
  return { resources, problems: reads.flatMap((read) => read.problems) };
}

const idsOf = (resources: readonly { arn: string; policy: string | null }[]) =>
  resources.map(({ arn: each, policy }) => [each, policy === null ? null : (JSON.parse(policy) as { Id: string }).Id]);

describe('the policies of resources', () => {
  test('are read of every service, page by page', async () => {
    const { resources, problems } = await readAll([region]);
    expect(problems).toEqual([]);
    expect(idsOf(resources)).toEqual([
      [arn('dynamodb', 'table/d'), null],
      [arn('ecr', 'repository/r'), null],
      [arn('events', 'event-bus/default'), 'e'],
      [arn('kms', 'key/1'), 'key'],
      [arn('lambda', 'function:f'), 'f'],
      [arn('lambda', 'function:g'), null],
      ['arn:aws:s3:::a', 'a'],
      ['arn:aws:s3:::b', null],
      [arn('secretsmanager', 'secret:s-abc'), 's'],
      [arn('sns', 't'), 't'],
      [arn('sqs', 'q'), 'q'],
    ]);
    expect(resources.every((each) => each.account === account)).toBe(true);
    expect(resources.find((each) => each.arn.includes(':kms:'))?.grants).toEqual([
      {
        granteePrincipal: 'g',
        retiringPrincipal: null,
        operations: ['Decrypt'],
        encryptionContext: { equals: true, pairs: new Map([['a', 'b']]) },
      },
      { granteePrincipal: 'h', retiringPrincipal: 'r', operations: ['Encrypt'], encryptionContext: null },
    ]);
  });

  test('a global service is asked once, the others in every region', async () => {
    const scan = resourceScan(place, [region, 'eu-west-1']);
    for (const part of scan.parts) await scan.read(account, part);
    expect(clients.s3.commandCalls(ListBucketsCommand)).toHaveLength(2);
    expect(clients.sns.commandCalls(ListTopicsCommand)).toHaveLength(2);
  });

  test('a bucket tells whether lists count in it and whether a public policy is restricted', async () => {
    clients.s3
      .on(GetBucketOwnershipControlsCommand, { Bucket: 'a' })
      .resolves({ OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } })
      .on(GetBucketOwnershipControlsCommand, { Bucket: 'b' })
      .rejects(named('OwnershipControlsNotFoundError'))
      .on(GetPublicAccessBlockCommand, { Bucket: 'a' })
      .resolves({ PublicAccessBlockConfiguration: { RestrictPublicBuckets: true } })
      .on(GetPublicAccessBlockCommand, { Bucket: 'b' })
      .rejects(named('AccessDenied'));
    const { resources, problems } = await readAll([region]);
    expect(problems).toEqual([]);
    expect(resources.flatMap(({ bucket }) => bucket ?? [])).toEqual([
      { acls: 'disabled', publicAccess: 'restricted' },
      { acls: 'unread', publicAccess: 'unread' },
    ]);
  });

  test('one that may not be read is marked and named; another fault is a fault', async () => {
    clients.sns.on(GetTopicAttributesCommand).rejects(named('AuthorizationError'));
    const { resources, problems } = await readAll([region]);
    expect(problems).toEqual([{ entity: arn('sns', 't'), detail: 'its policy may not be read: no' }]);
    expect(resources.find((each) => each.arn === arn('sns', 't'))).toMatchObject({ policy: null, isUnread: true });
    clients.sns.on(GetTopicAttributesCommand).rejects(named('ThrottledException'));
    await expect(resourceScan(place, [region]).read(account, `sns ${region}`)).rejects.toThrow('no');
  });

  test('one that went since it was listed is left out', async () => {
    clients.sqs.on(GetQueueAttributesCommand).rejects(named('QueueDoesNotExist'));
    const { resources } = await readAll([region]);
    expect(resources.map((each) => each.arn)).not.toContain(arn('sqs', 'q'));
    expect(resources).toHaveLength(10);
  });

  test('a service that may not even be listed is a denial; a part that nobody knows is a fault', async () => {
    clients.kms.on(ListKeysCommand).rejects(named('AccessDeniedException'));
    const scan = resourceScan(place, [region]);
    await expect(scan.read(account, `kms ${region}`)).rejects.toThrow(ReadingDenied);
    await expect(scan.read(account, 'kms mars-north-1')).rejects.toThrow('no part');
  });

  test('every reader is a service of its own', () => {
    expect(readers.map(({ service }) => service).sort()).toEqual(Object.keys(clients).sort());
    expect(Object.keys(resourceReading).sort()).toEqual(Object.keys(clients).sort());
  });
});
