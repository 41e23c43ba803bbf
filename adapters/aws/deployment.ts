import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  paginateListEventSourceMappings,
  paginateListFunctions,
} from '@aws-sdk/client-lambda';
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { FunctionFacts, QueueFacts, TrailFacts } from '../../core/deployment/facts.ts';
import type { PrincipalId } from '../../core/identity/principal.ts';
import { type Instant, instantAt } from '../../core/time.ts';
import type { Deployment, Probe } from '../../usecases/ports/deployment.ts';

/** Where and as whom the clients ask; for all of them alike. */
export interface Asking {
  region: string;
  profile?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

const bus = 'leastwise-events';
const isOurs = (name: string | undefined): name is string => name?.startsWith('leastwise-') ?? false;

/** Looks by calls that only read; `slackApi` is Slack's own but in tests. */
export function deployment(asking: Asking, slackApi = 'https://slack.com/api/'): Deployment {
  return {
    caller: () => caller(asking),
    managementAccount: async () => {
      const { Organization } = await new OrganizationsClient(asking).send(new DescribeOrganizationCommand({}));
      if (!Organization?.MasterAccountId) throw new Error('Organizations names no management account');
      return { id: Organization.MasterAccountId };
    },
    trails: () => trails(new CloudTrailClient(asking)),
    rules: async () => {
      const { Rules = [] } = await new EventBridgeClient(asking).send(new ListRulesCommand({ EventBusName: bus }));
      return Rules.map(({ Name = '', State = '' }) => ({ name: Name, state: State }));
    },
    functions: () => functions(new LambdaClient(asking)),
    queues: () => queues(asking),
    slack: async () => slack(asking, slackApi),
  };
}

/** Asks for a secret that is not there: one of the reads that take the fast lane, and it gives nothing. */
export const probe = (asking: Asking): Probe => ({
  read: async (name) => {
    const { Account, UserId } = await new STSClient(asking).send(new GetCallerIdentityCommand({}));
    if (!Account || !UserId) throw new Error('STS names no caller');
    try {
      await new SecretsManagerClient(asking).send(new GetSecretValueCommand({ SecretId: name }));
    } catch (fault) {
      if (!(fault instanceof Error) || fault.name !== 'ResourceNotFoundException') throw fault;
    }
    return { account: Account, principal: UserId.split(':')[0] as PrincipalId };
  },
});

async function caller(asking: Asking) {
  const sts = new STSClient(asking);
  let theirs: Instant | null = null;
  sts.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { headers } = (answer.response ?? {}) as { headers?: Record<string, string> };
      const at = Date.parse(headers?.date ?? '');
      if (!Number.isNaN(at)) theirs = instantAt(at / 1000);
      return answer;
    },
    { step: 'deserialize', name: 'readClock', priority: 'low' },
  );
  const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  return { account: Account, arn: Arn, theirs };
}

async function trails(client: CloudTrailClient): Promise<readonly TrailFacts[]> {
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
  return Promise.all(trailList.map((each) => trailFacts(client, each)));
}

async function trailFacts(client: CloudTrailClient, each: Trail): Promise<TrailFacts> {
  const status = await client.send(new GetTrailStatusCommand({ Name: each.TrailARN }));
  return {
    name: each.TrailARN ?? each.Name ?? '',
    bucket: each.S3BucketName ?? '',
    prefix: each.S3KeyPrefix ?? '',
    isOrganizationTrail: each.IsOrganizationTrail ?? false,
    isMultiRegion: each.IsMultiRegionTrail ?? false,
    logFileValidation: each.LogFileValidationEnabled ?? false,
    isLogging: status.IsLogging ?? false,
    lastDelivery: instantOf(status.LatestDeliveryTime),
    lastDigest: instantOf(status.LatestDigestDeliveryTime),
    deliveryFault: status.LatestDeliveryError || status.LatestDigestDeliveryError || null,
  };
}

const instantOf = (at: Date | undefined): Instant | null => (at === undefined ? null : instantAt(at.getTime() / 1000));

async function functions(client: LambdaClient): Promise<readonly FunctionFacts[]> {
  const sources = await sourcesIn(client);
  const found: FunctionFacts[] = [];
  for await (const page of paginateListFunctions({ client }, {}))
    for (const { FunctionName: name } of page.Functions ?? []) {
      if (!isOurs(name)) continue;
      const { State = 'unknown' } = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
      const states = sources.filter((each) => each.function === name).map(({ state }) => state);
      found.push({ name, state: State, sources: states });
    }
  return found;
}

async function sourcesIn(client: LambdaClient) {
  const found: { function: string; state: string; arn: string }[] = [];
  for await (const page of paginateListEventSourceMappings({ client }, {}))
    for (const { FunctionArn, State = 'unknown', EventSourceArn = '' } of page.EventSourceMappings ?? []) {
      const name = FunctionArn?.split(':')[6];
      if (isOurs(name)) found.push({ function: name, state: State, arn: EventSourceArn });
    }
  return found;
}

/** Every queue that feeds a function, and where it puts what fails. */
async function queues(asking: Asking): Promise<readonly QueueFacts[]> {
  const [sqs, watch] = [new SQSClient(asking), new CloudWatchClient(asking)];
  const fed = await sourcesIn(new LambdaClient(asking));
  const arns = new Set(fed.map(({ arn }) => arn).filter((arn) => arn.includes(':sqs:')));
  const found: QueueFacts[] = [];
  for (const arn of arns) {
    const { facts, deadLetters } = await queueFacts(sqs, watch, arn, false);
    found.push(facts);
    if (deadLetters) found.push((await queueFacts(sqs, watch, deadLetters, true)).facts);
  }
  return found;
}

async function queueFacts(sqs: SQSClient, watch: CloudWatchClient, arn: string, isDeadLetters: boolean) {
  const [account, name] = arn.split(':').slice(-2) as [string, string];
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }));
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  const waiting = Number(Attributes.ApproximateNumberOfMessages ?? 0);
  const { deadLetterTargetArn } = JSON.parse(Attributes.RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string };
  const ageSeconds = await ageOf(watch, name);
  return { facts: { name, waiting, ageSeconds, isDeadLetters }, deadLetters: deadLetterTargetArn };
}

/** In the last quarter of an hour; null where nothing was measured. */
async function ageOf(watch: CloudWatchClient, queue: string): Promise<number | null> {
  const EndTime = new Date();
  const { Datapoints = [] } = await watch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value: queue }],
      StartTime: new Date(EndTime.getTime() - 900_000),
      EndTime,
      Period: 300,
      Statistics: ['Maximum'],
    }),
  );
  return Datapoints.length === 0 ? null : Math.max(...Datapoints.map(({ Maximum = 0 }) => Maximum));
}

async function slack(asking: Asking, api: string): Promise<{ team: string; scopes: readonly string[] }> {
  const { SLACK_TOKEN_SECRET } = await environmentOf(asking, 'leastwise-handle-slack');
  if (!SLACK_TOKEN_SECRET) throw new Error('leastwise-handle-slack names no secret with the token');
  const secrets = new SecretsManagerClient(asking);
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: SLACK_TOKEN_SECRET }));
  if (!SecretString) throw new Error('the secret with the Slack token is empty');
  const answer = await fetch(new URL('auth.test', api), {
    method: 'POST',
    headers: { authorization: `Bearer ${SecretString}` },
    signal: AbortSignal.timeout(10_000),
  });
  const body = (await answer.json()) as { ok?: boolean; error?: string; team_id?: string };
  if (!body.ok || !body.team_id) throw new Error(`Slack refused the token: ${body.error ?? answer.status}`);
  const scopes = (answer.headers.get('x-oauth-scopes') ?? '').split(',').map((scope) => scope.trim());
  return { team: body.team_id, scopes };
}

/** Where a deployment keeps what it knows, and how it reaches Slack. */
export async function environmentOf(asking: Asking, FunctionName: string): Promise<Record<string, string>> {
  const found = await new LambdaClient(asking).send(new GetFunctionConfigurationCommand({ FunctionName }));
  return found.Environment?.Variables ?? {};
}
