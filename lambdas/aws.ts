import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { withAssignments } from '../adapters/aws/assignment-slots.ts';
import { iamClientFor } from '../adapters/aws/iam-client.ts';
import { iamSlots } from '../adapters/aws/iam-slots.ts';
import { kmsSigner } from '../adapters/aws/kms-signer.ts';
import { memberRole, sharedSessions } from '../adapters/aws/member-role.ts';
import { deadLetterQueue } from '../adapters/aws/queue.ts';
import { recorded } from '../adapters/aws/recorder.ts';
import { leaseScheduler } from '../adapters/aws/scheduler.ts';
import { secretReader } from '../adapters/aws/secret.ts';
import { ssoClientFor } from '../adapters/aws/sso-client.ts';
import { documentClient, realBackoff } from '../adapters/dynamodb/client.ts';
import { dynamoLedgerStore } from '../adapters/dynamodb/ledger-store.ts';
import { dynamoState } from '../adapters/dynamodb/state.ts';
import { readConfiguration } from '../adapters/files/configuration.ts';
import { slackClient } from '../adapters/slack/client.ts';
import { slackPictures } from '../adapters/slack/pictures.ts';
import { type Configuration, deploymentOf } from '../core/configuration.ts';
import { instantAt } from '../core/time.ts';
import { offlineKey, rankBy } from '../core/usage/bounded.ts';
import { knowPeople, knowRules } from '../usecases/know-people.ts';
import type { EnrolmentStore, RulebookStore } from '../usecases/ports/state-stores.ts';
import type { Tools } from './entry.ts';

/** What the functions have in common: AWS's clients and the clock, made once and only where a function uses them. */

export const now = () => instantAt(Date.now() / 1000);

/** The stack puts the configuration beside the bundle. */
export const configuration = (): Configuration =>
  readConfiguration(`${process.env.LAMBDA_TASK_ROOT ?? '.'}/configuration.json`);

/**
 * `setKey` keys the bounded sets. A function that only reads never ranks and does without the deployment's own.
 */
export const ledgerStore = (name: string, setKey: string = offlineKey) =>
  dynamoLedgerStore({ client: documentClient(), name, backoff: realBackoff, rank: rankBy(setKey) });

export const stateStores = (name: string) => dynamoState({ client: documentClient(), name, backoff: realBackoff });

/** Where it is read who may decide what. */
interface KnowingStores {
  enrolments: EnrolmentStore;
  rulebook: RulebookStore;
}

/** Makes the handler anew for every event, under the rules in force, with everybody who is enrolled by then. */
export function withPeople<Event, Answer>(
  stores: KnowingStores,
  make: (settings: Configuration) => (event: Event) => Promise<Answer>,
): (event: Event) => Promise<Answer> {
  const known = knowPeople({ configuration: configuration(), ...stores, now });
  return async (event) => make(await known())(event);
}

/** Everybody who is known by then. Read only when somebody asks: no revocation waits for the configuration. */
export const people = (stores: KnowingStores) => async (): Promise<Configuration['people']> =>
  (await knowPeople({ configuration: configuration(), ...stores, now })()).people;

/** Of the configuration, under the rules in force, without those who are enrolled. */
export const seeds =
  ({ rulebook }: Pick<KnowingStores, 'rulebook'>) =>
  async (): Promise<Configuration['people']> =>
    (await knowRules({ configuration: configuration(), rulebook, now })()).people;

export const bucket = (name: string) => ({ s3: recorded(new S3Client()), name });

export const secret = (id: string) => secretReader({ client: recorded(new SecretsManagerClient()), id, now: Date.now });

export const signer = (key: string) => kmsSigner({ kms: recorded(new KMSClient()), key });

export const queue = (url: string) => ({ sqs: recorded(new SQSClient()), url });

export const deadLetters = (url: string) => deadLetterQueue(queue(url));

/** IAM in the member accounts, by the one role that this function may assume there. */
export const memberIam = (role: string) => iamClientFor(memberRole({ sts: recorded(new STSClient()), role }));

/**
 * What changes are made of: IAM in the member accounts, by one role, and who has which permission set there, by another
 * where Identity Center is administered. The configuration is read when that is asked for: no other revocation waits for it.
 */
export const slots = (role: string, assigning: string) =>
  withAssignments(iamSlots(memberIam(role)), {
    center: () => {
      const { identityCenter } = deploymentOf(configuration());
      return identityCenter && { ...identityCenter, region: configuration().homeRegion };
    },
    clientFor: ssoClientFor(memberRole({ sts: recorded(new STSClient()), role: assigning })),
  });

/** Credentials of sessions in the member accounts, by that role: clients of several services share one while it lasts. */
export const memberSessions = (role: string) =>
  sharedSessions(memberRole({ sts: recorded(new STSClient()), role }), Date.now);

export const schedules = (environment: { SCHEDULE_GROUP: string; SCHEDULE_ROLE: string; REVOKE_QUEUE_ARN: string }) =>
  leaseScheduler({
    scheduler: recorded(new SchedulerClient()),
    group: environment.SCHEDULE_GROUP,
    role: environment.SCHEDULE_ROLE,
    target: environment.REVOKE_QUEUE_ARN,
  });

/** Logs what failed and will be tried again. */
export const failed =
  ({ logger }: Pick<Tools, 'logger'>) =>
  (place: string, fault: unknown): void =>
    logger.error('failed, will be tried again', { place, fault: fault instanceof Error ? fault : String(fault) });

/** Pictures beside its messages. */
export const pictures = (token: string, failed: (place: string, fault: unknown) => void) =>
  slackPictures({ token, failed, ...slackPlace() });

const slackPlace = () => {
  const apiUrl = process.env.LEASTWISE_SLACK_API_URL;
  return apiUrl === undefined ? {} : { apiUrl };
};

/** Slack's Web API; in the local stage the stack names a stand-in. */
export const slack = ({ token, app }: { token: string; app: string }) =>
  slackClient({ token, app, wait, apiUrl: process.env.LEASTWISE_SLACK_API_URL });

const wait = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));
