import { randomUUID } from 'node:crypto';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EnableRuleCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  ListBucketsCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { ListSecretsCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import type { Clients } from './clients.ts';
import { trailBucket } from './organization.ts';

/** The names that CloudFormation gave. */
export interface Names {
  ledger: string;
  state: string;
  audit: string;
  rejections: string;
  inventory: string;
  /** URLs by the queue's id in lib/, like `FullLaneQueue` and `FullLaneDeadLetters`. */
  queue(id: string): string;
}

/** Looks the names up; throws where one is missing. */
export async function namesOf({ dynamodb, s3, sqs }: Clients): Promise<Names> {
  const tables = (await dynamodb.send(new ListTablesCommand({}))).TableNames ?? [];
  const buckets = ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name ?? '');
  const queues = (await sqs.send(new ListQueuesCommand({ MaxResults: 1000 }))).QueueUrls ?? [];
  return {
    ledger: one(tables, 'TablesLedger'),
    state: one(tables, 'TablesState'),
    audit: one(buckets, 'storageaudit'),
    rejections: one(buckets, 'storagerejections'),
    inventory: one(buckets, 'storageinventory'),
    queue: (id) => one(queues, id),
  };
}

function one(names: readonly string[], part: string): string {
  const [found, another] = names.filter((name) => name.includes(part));
  if (found === undefined || another !== undefined)
    throw new Error(`${found ? 'several' : 'none'} of ${part}: ${names}`);
  return found;
}

/**
 * Slack's secrets, as an operator enters them once, and the two keys that CloudFormation makes up: the emulator leaves
 * these empty.
 */
export async function enterSecrets({ secrets }: Clients, entered: { SigningSecret: string; Token: string }) {
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  const names = SecretList.map(({ Name }) => Name ?? '');
  const values = { ...entered, SetKey: randomUUID(), ButtonKey: randomUUID() };
  for (const [id, SecretString] of Object.entries(values))
    await secrets.send(new PutSecretValueCommand({ SecretId: one(names, id), SecretString }));
}

/** The emulator keeps a rule that is enabled for calls that only read, too, and never fires it. */
export async function enableFastLane({ events }: Clients): Promise<void> {
  const EventBusName = 'leastwise-events';
  const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName }));
  for (const { Name, State } of Rules)
    if (State !== 'ENABLED') await events.send(new EnableRuleCommand({ Name, EventBusName }));
}

/** The organization trail's bucket belongs to somebody else in production; here it is made, and tells of its files. */
export async function makeTrail(clients: Clients, names: Names): Promise<void> {
  await clients.s3.send(new CreateBucketCommand({ Bucket: trailBucket }));
  await makeNotifying(clients, names);
}

/** The bucket tells the full lane's queue of every new file. */
export async function makeNotifying({ s3, sqs }: Clients, { queue }: Names): Promise<void> {
  const QueueUrl = queue('FullLaneQueue');
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: trailBucket,
      NotificationConfiguration: {
        QueueConfigurations: [{ QueueArn: Attributes?.QueueArn, Events: ['s3:ObjectCreated:*'] }],
      },
    }),
  );
}

/** The emulator drops Object Lock from the template without a word, and keeps it where it is asked for. */
export async function lockAudit({ s3 }: Clients, { audit }: Names): Promise<void> {
  await s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket: audit,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } },
      },
    }),
  );
}
