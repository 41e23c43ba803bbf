import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateScheduleCommand } from '@aws-sdk/client-scheduler';
import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { documentClient, realBackoff } from '../../adapters/dynamodb/client.ts';
import { dynamoState } from '../../adapters/dynamodb/state.ts';
import { unscoredIndex } from '../../adapters/dynamodb/table.ts';
import { plusSeconds } from '../../core/time.ts';
import { type Names, namesOf } from '../../local/emulated/after-deploy.ts';
import { clientsFor, iamOf } from '../../local/emulated/clients.ts';
import { hub, region } from '../../local/emulated/organization.ts';
import type { EarlierPlace } from '../../local/emulated/start.ts';
import { restore, type StoredRow } from '../emulators/rows.ts';
import { setClock } from './clock.ts';

const file = (name: string): string => readFileSync(new URL(`../releases/1/${name}`, import.meta.url), 'utf8');
const rowsOf = (name: string): StoredRow[] => JSON.parse(file(name)) as StoredRow[];

/** What release 1 wrote lies in the rows of this account. */
export const releasedAccount = '111122223333';

/** Left by release 1, as its deployment and its own rows name it. */
export interface Released {
  names: Names;
  /** Every table, bucket and queue. */
  all: readonly string[];
  /** How many items waited to be scored. */
  unscored: number;
}

/**
 * Deploys release 1 and fills it with what it left behind: its rows, its snapshot, and a lease that is alive, with its
 * policy in IAM and its schedule. The template is the released one; its functions are empty, since their code was never
 * kept, and run before the upgrade only to be handed what is in the streams.
 */
export async function deployRelease({ endpoint, moto, folder }: EarlierPlace): Promise<Released> {
  await createStack(endpoint, releasedTemplate());
  const clients = clientsFor(endpoint);
  const names = await namesOf(clients);
  const client = documentClient({ endpoint, region, credentials: { accessKeyId: hub, secretAccessKey: 'local' } });
  await restore({ client, name: names.ledger, backoff: realBackoff }, rowsOf('ledger.json'));
  await restore({ client, name: names.state, backoff: realBackoff }, rowsOf('state.json'));
  const Key = `inventory/${releasedAccount}.json.gz`;
  await clients.s3.send(new PutObjectCommand({ Bucket: names.inventory, Key, Body: gzipSync(file('snapshot.json')) }));
  const [lease] = await dynamoState({ client, name: names.state, backoff: realBackoff }).leases.list(10);
  // Half an hour is left of it, for the upgrade.
  setClock({ folder }, plusSeconds(lease!.endsAt, -1800));
  const RoleName = lease!.carrier.split('/').at(-1);
  const iam = await iamOf(moto, releasedAccount);
  await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}' }),
  );
  const PolicyName = `leastwise-lease-${lease!.id}`;
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: lease!.edit.after! }));
  const asked = { QueueUrl: names.queue('ChangesRevocationsQueue'), AttributeNames: ['QueueArn' as const] };
  const { Attributes } = await clients.sqs.send(new GetQueueAttributesCommand(asked));
  await clients.scheduler.send(
    new CreateScheduleCommand({
      Name: PolicyName,
      GroupName: 'leastwise-leases',
      ScheduleExpression: `at(${lease!.endsAt.slice(0, 19)})`,
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: Attributes?.QueueArn,
        RoleArn: `arn:aws:iam::${hub}:role/leastwise-schedule`,
        Input: JSON.stringify({ lease: lease!.id }),
      },
    }),
  );
  const unscored = rowsOf('ledger.json').filter((row) => unscoredIndex.partitionKey in row).length;
  return { names, all: await everything(endpoint), unscored };
}

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

/** Without what the emulator has no type for, in the account and region of the local stage. */
function releasedTemplate(): string {
  const resources = Object.entries(JSON.parse(file('Leastwise.template.json')) as Record<string, Resource>)
    .filter(([, { Type }]) => !['AWS::Events::EventBusPolicy', 'AWS::CloudFormation::StackSet'].includes(Type))
    .map(([id, { Properties, ...rest }]): [string, object] => [
      id,
      {
        ...rest,
        Properties:
          Properties.Code === 'the bundle'
            ? { ...Properties, Code: { ZipFile: 'exports.handler = async () => ({});' } }
            : Properties,
      },
    ]);
  return JSON.stringify({ Resources: Object.fromEntries(resources) })
    .replaceAll(releasedAccount, hub)
    .replaceAll('eu-central-1', region);
}

/** Names of everything that a deployment keeps. */
export async function everything(endpoint: string): Promise<string[]> {
  const { dynamodb, s3, sqs } = clientsFor(endpoint);
  const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ MaxResults: 1000 }));
  return [...TableNames, ...Buckets.map(({ Name = '' }) => Name), ...QueueUrls]
    .filter((name) => /leastwise/i.test(name))
    .sort();
}

async function createStack(endpoint: string, template: string): Promise<void> {
  const { s3 } = clientsFor(endpoint);
  const at = { Bucket: 'release-1', Key: 'Leastwise.template.json' };
  await s3.send(new CreateBucketCommand({ Bucket: at.Bucket }));
  await s3.send(new PutObjectCommand({ ...at, Body: template }));
  await cloudFormation(endpoint, 'CreateStack', {
    StackName: 'Leastwise',
    TemplateURL: `${endpoint}/${at.Bucket}/${at.Key}`,
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
  });
  for (let tries = 0; tries < 240; tries += 1) {
    const answer = await cloudFormation(endpoint, 'DescribeStacks', { StackName: 'Leastwise' });
    const status = /<StackStatus>(\w+)</.exec(answer)?.[1];
    if (status === 'CREATE_COMPLETE') return;
    if (status !== 'CREATE_IN_PROGRESS') throw new Error(`the stack of release 1 is ${status}: ${answer}`);
    // Another process works: there is no event to wait for.
    await pause(250);
  }
  throw new Error('the stack of release 1 was not created within a minute');
}

/** A call of the query protocol: our dependencies have no client of CloudFormation. */
async function cloudFormation(endpoint: string, Action: string, parameters: Record<string, string>): Promise<string> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=${hub}/20260101/${region}/cloudformation/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams({ Action, Version: '2010-05-15', ...parameters }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${Action}: ${answer.slice(-1000)}`);
  return answer;
}
