import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type RecordedCall, recorded } from '../../../adapters/aws/recorder.ts';

const place = join(mkdtempSync(join(tmpdir(), 'leastwise-calls-')), 'calls.ndjson');
const environment = { LEASTWISE_RECORD_CALLS: place, AWS_LAMBDA_FUNCTION_NAME: 'leastwise-apply-change' };
/** Nobody answers there: a call is recorded before it is made. */
const nowhere = {
  endpoint: 'http://127.0.0.1:1',
  region: 'eu-west-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};
const lines = () =>
  readFileSync(place, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedCall);

test('every call is one line: function, service, operation, ARN', async () => {
  const calls = [
    recorded(new S3Client(nowhere), environment).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
    recorded(new SQSClient(nowhere), environment).send(
      new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/q', MessageBody: 'x' }),
    ),
    recorded(new IAMClient(nowhere), environment).send(new GetRolePolicyCommand({ RoleName: 'r', PolicyName: 'p' })),
    recorded(new EventBridgeClient(nowhere), environment).send(
      new PutEventsCommand({ Entries: [{ EventBusName: 'leastwise', Source: 's', DetailType: 'd', Detail: '{}' }] }),
    ),
    recorded(new SchedulerClient(nowhere), environment).send(new DeleteScheduleCommand({ Name: 'n', GroupName: 'g' })),
  ];
  await Promise.allSettled(calls);
  expect(lines().map(({ service, operation, arn }) => `${service}:${operation} ${arn}`)).toEqual([
    's3:GetObject arn:aws:s3:::b/k',
    'sqs:SendMessage arn:aws:sqs::111122223333:q',
    'iam:GetRolePolicy arn:aws:iam:::role/r',
    'events:PutEvents arn:aws:events:::event-bus/leastwise',
    'scheduler:DeleteSchedule arn:aws:scheduler:::schedule/g/n',
  ]);
  expect(new Set(lines().map((call) => call.function))).toEqual(new Set(['leastwise-apply-change']));
});

test('a transaction is recorded as what IAM is asked, part by part, and a query with its index', async () => {
  const client = DynamoDBDocumentClient.from(recorded(new DynamoDBClient(nowhere), environment));
  const before = lines().length;
  const Key = { pk: 'a' };
  await client.send(new QueryCommand({ TableName: 't', IndexName: 'byList' })).catch(() => undefined);
  await client.send(new BatchGetCommand({ RequestItems: { t: { Keys: [Key] } } })).catch(() => undefined);
  await client
    .send(
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName: 't', Item: Key } },
          { ConditionCheck: { TableName: 't', Key, ConditionExpression: 'attribute_exists(pk)' } },
        ],
      }),
    )
    .catch(() => undefined);
  const found = lines().slice(before);
  expect(found.map(({ operation, arn }) => `${operation} ${arn}`)).toEqual([
    'Query arn:aws:dynamodb:::table/t/index/byList',
    'BatchGetItem arn:aws:dynamodb:::table/t',
    'PutItem arn:aws:dynamodb:::table/t',
    'ConditionCheckItem arn:aws:dynamodb:::table/t',
  ]);
});

test('without the variable a client is what it was', () => {
  const client = new S3Client(nowhere);
  const before = client.middlewareStack.identify();
  expect(recorded(client, {}).middlewareStack.identify()).toEqual(before);
});
