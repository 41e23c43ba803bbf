import { Duration } from 'aws-cdk-lib';
import { type CfnRule, type IEventBus, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue, LambdaFunction as Target } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { changingCalls } from '../core/identity/iam-changes.ts';
import type { Env as ProposeEnv } from '../lambdas/propose-rightsizing/env.ts';
import type { Env as RefreshEnv } from '../lambdas/refresh-inventory/env.ts';
import type { Env as TakeEnv } from '../lambdas/take-inventory/env.ts';
import { allow, allowKey } from './allow.ts';
import type { Foundation } from './foundation.ts';
import { LambdaFunction } from './lambda-function.ts';
import { scanRole } from './member-roles.ts';
import { type QueueWithDeadLetters, queueWithDeadLetters } from './queue.ts';

/** Every account's identities at night, kept current by the events that change them; then proposals from what they used. */
export class Inventory extends Construct {
  readonly queues: readonly QueueWithDeadLetters[];

  constructor(scope: Construct, id: string, foundation: Foundation, bus: IEventBus) {
    super(scope, id);
    const { inventory, snapshots } = foundation.storage;
    const { take, accounts } = this.takeEveryAccount(foundation);
    this.queues = [this.keepCurrent(foundation, bus), accounts];
    const propose = new LambdaFunction(this, 'ProposeRightsizing', {
      ...foundation.function('propose-rightsizing'),
      timeout: Duration.minutes(15),
      memory: 1769,
      environment: {
        LEDGER_TABLE: foundation.ledger.tableName,
        STATE_TABLE: foundation.state.tableName,
        INVENTORY_BUCKET: inventory.bucketName,
      } satisfies ProposeEnv,
    });
    allow(propose.executes, ['s3:GetObject'], [snapshots], 'One snapshot an account.');
    foundation.grantKnowingAbsence(propose.executes);
    foundation.grantLedger(propose, ['dynamodb:Query', 'dynamodb:GetItem']);
    foundation.grantState(propose, ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem']);
    new Rule(this, 'EveryNight', { schedule: Schedule.cron({ minute: '17', hour: '2' }), targets: [new Target(take)] });
    new Rule(this, 'EveryMorning', {
      schedule: Schedule.cron({ minute: '17', hour: '5' }),
      targets: [new Target(propose)],
    });
  }

  /** One message an account, and one for the organization, into a queue that the same function reads. */
  private takeEveryAccount(foundation: Foundation): { take: LambdaFunction; accounts: QueueWithDeadLetters } {
    const { inventory, snapshots, organization } = foundation.storage;
    const accounts = queueWithDeadLetters(this, 'Accounts', { visibility: Duration.hours(1) });
    const take = new LambdaFunction(this, 'TakeInventory', {
      ...foundation.function('take-inventory'),
      timeout: Duration.minutes(10),
      memory: 1769,
      environment: {
        INVENTORY_BUCKET: inventory.bucketName,
        INVENTORY_QUEUE_URL: accounts.queue.queueUrl,
        MEMBER_ROLE: scanRole.name,
      } satisfies TakeEnv,
    });
    foundation.grantAssume(take.executes, scanRole.name);
    allow(take.executes, ['s3:GetObject', 's3:PutObject'], [snapshots], 'One snapshot an account.');
    allow(take.executes, ['s3:GetObject', 's3:PutObject'], [organization], 'The tree, and how far a scan of it came.');
    allow(take.executes, ['sqs:SendMessage'], [accounts.queue.queueArn]);
    foundation.grantKnowingAbsence(take.executes);
    allowKey(take.executes, foundation.encryption.data);
    // So many accounts at once, so that nothing of AWS is asked faster than it likes.
    take.addEventSource(
      new SqsEventSource(accounts.queue, { batchSize: 1, maxConcurrency: 20, reportBatchItemFailures: true }),
    );
    return { take, accounts };
  }

  /** Events that change identities, from every account's fast lane, to the function that follows them. */
  private keepCurrent(foundation: Foundation, eventBus: IEventBus): QueueWithDeadLetters {
    const { inventory, snapshots } = foundation.storage;
    const refresh = new LambdaFunction(this, 'RefreshInventory', {
      ...foundation.function('refresh-inventory'),
      timeout: Duration.minutes(5),
      memory: 1769,
      environment: { INVENTORY_BUCKET: inventory.bucketName, MEMBER_ROLE: scanRole.name } satisfies RefreshEnv,
    });
    foundation.grantAssume(refresh.executes, scanRole.name);
    allow(refresh.executes, ['s3:GetObject', 's3:PutObject'], [snapshots], 'One snapshot an account.');
    foundation.grantKnowingAbsence(refresh.executes);
    allowKey(refresh.executes, foundation.encryption.data);
    const changes = queueWithDeadLetters(this, 'IdentityChanges', { visibility: Duration.minutes(30) });
    const rule = new Rule(this, 'IdentitiesChange', {
      eventBus,
      description: 'Leastwise: what changes users, roles, groups and their policies',
      eventPattern: {
        source: ['aws.iam'],
        detail: { eventSource: ['iam.amazonaws.com'], eventName: [...changingCalls], errorCode: [{ exists: false }] },
      },
      targets: [
        new SqsQueue(changes.queue, {
          message: RuleTargetInput.fromEventPath('$'),
          deadLetterQueue: changes.deadLetters,
        }),
      ],
    });
    // As every rule of this bus, so that one state is right for all and `doctor` can say so.
    (rule.node.defaultChild as CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
    refresh.addEventSource(
      new SqsEventSource(changes.queue, {
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(30),
        maxConcurrency: 2,
        reportBatchItemFailures: true,
      }),
    );
    return changes;
  }
}
