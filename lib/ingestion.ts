import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type Configuration, deploymentOf } from '../core/configuration.ts';
import { everythingPattern } from '../core/fast-lane/patterns.ts';
import type { Env } from '../lambdas/record-usage/env.ts';
import { acknowledge } from './acknowledge.ts';
import { allow } from './allow.ts';
import { centralBus, fastLaneRule, forwardingRole } from './fast-lane.ts';
import type { Foundation } from './foundation.ts';
import { LambdaFunction } from './lambda-function.ts';
import { type QueueWithDeadLetters, queueWithDeadLetters } from './queue.ts';

/** Both lanes into the ledger: events by EventBridge in seconds, the trail's files from S3 in minutes. */
export class Ingestion extends Construct {
  readonly bus: EventBus;
  readonly queues: readonly QueueWithDeadLetters[];

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { configuration, ledger, storage } = foundation;
    const setKey = new Secret(this, 'SetKey', {
      description: 'Leastwise: keys the hashes that bound sets, so that nobody can choose values to push others out',
      encryptionKey: foundation.encryption.data,
      // The ledger's sets mean nothing without it.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      setKey,
      'AwsSolutions-SMG4',
      'A new key would keep other values of every set: it is made once and never rotated.',
    );
    const recordUsage = new LambdaFunction(this, 'RecordUsage', {
      ...foundation.function('record-usage'),
      timeout: Duration.minutes(2),
      memory: 1769,
      environment: {
        LEDGER_TABLE: ledger.tableName,
        SET_KEY_SECRET: setKey.secretArn,
        REJECTIONS_BUCKET: storage.rejections.bucketName,
      } satisfies Env,
    });
    allow(recordUsage.executes, ['secretsmanager:GetSecretValue'], [setKey.secretArn]);
    const rejections = storage.rejections.arnForObjects('rejections/*');
    allow(recordUsage.executes, ['s3:PutObject'], [rejections], 'Objects are named by their content.');
    foundation.grantLedger(recordUsage, [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:BatchGetItem',
      'dynamodb:UpdateItem',
    ]);

    this.bus = this.centralBus(configuration);
    const fast = queueWithDeadLetters(this, 'FastLane', { visibility: Duration.minutes(12) });
    const full = queueWithDeadLetters(this, 'FullLane', { visibility: Duration.minutes(12) });
    this.queues = [fast, full];
    fastLaneRule(this, 'FastLaneRule', {
      eventBus: this.bus,
      description: 'Leastwise: whatever the fast lane brings, from every account and region',
      pattern: everythingPattern,
      target: new SqsQueue(fast.queue, {
        message: RuleTargetInput.fromEventPath('$'),
        deadLetterQueue: fast.deadLetters,
      }),
    });
    recordUsage.addEventSource(
      new SqsEventSource(fast.queue, {
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(2),
        reportBatchItemFailures: true,
      }),
    );
    recordUsage.addEventSource(
      new SqsEventSource(full.queue, {
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(30),
        reportBatchItemFailures: true,
      }),
    );
    if (configuration.trail) this.readTrail(configuration, configuration.trail, full.queue, recordUsage);
  }

  private readTrail(
    configuration: Configuration,
    trail: NonNullable<Configuration['trail']>,
    queue: Queue,
    reader: LambdaFunction,
  ): void {
    const { trailKey } = deploymentOf(configuration);
    if (trailKey !== null) allow(reader.executes, ['kms:Decrypt'], [trailKey]);
    new CfnOutput(this, 'FullLaneQueueArn', { value: queue.queueArn, description: 'The trail’s bucket notifies it' });
    new CfnOutput(this, 'FullLaneReaderArn', {
      value: reader.executes.roleArn,
      description: 'Reads the trail’s bucket',
    });
    const bucket = Bucket.fromBucketName(this, 'Trail', trail.bucket);
    const prefix = trail.prefix ? `${trail.prefix}/AWSLogs/*` : 'AWSLogs/*';
    allow(reader.executes, ['s3:GetObject'], [bucket.arnForObjects(prefix)], 'Files are named as they are written.');
    if (trail.logFileValidation) {
      // Who may not list is told "access denied" of a file that is missing, which is no proof that it is.
      allow(reader.executes, ['s3:ListBucket'], [bucket.bucketArn]);
      allow(reader.executes, ['cloudtrail:ListPublicKeys'], ['*'], 'The action has no resource-level permissions.');
    }
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TrailBucketNotifies',
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': bucket.bucketArn } },
      }),
    );
  }

  /** Only the forwarding role, in accounts of the organization, may put events here. */
  private centralBus(configuration: Configuration): EventBus {
    const bus = new EventBus(this, 'Bus', {
      eventBusName: centralBus,
      description: 'Leastwise: CloudTrail events of the organization',
    });
    new CfnEventBusPolicy(this, 'BusPolicy', {
      eventBusName: bus.eventBusName,
      statementId: 'forwarding-role-of-the-organization',
      statement: {
        Effect: 'Allow',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: bus.eventBusArn,
        Condition: {
          StringEquals: { 'aws:PrincipalOrgID': configuration.organization.id },
          ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/${forwardingRole}` },
        },
      },
    });
    return bus;
  }
}
