import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Outputs } from '../core/configuration.ts';
import type { Env } from '../lambdas/export-cases/env.ts';
import { acknowledge } from './acknowledge.ts';
import { allow, allowKey } from './allow.ts';
import type { Foundation } from './foundation.ts';
import { LambdaFunction } from './lambda-function.ts';
import { type QueueWithDeadLetters, queueWithDeadLetters } from './queue.ts';

/** Cases for other tools, where they are wanted: files of OCSF in a bucket, findings in Security Hub. */
export class Findings extends Construct {
  readonly queues: readonly QueueWithDeadLetters[];

  constructor(scope: Construct, id: string, props: { foundation: Foundation; events: EventBus; outputs: Outputs }) {
    super(scope, id);
    const { foundation, events, outputs } = props;
    const { partition, region, account } = Stack.of(this);
    const cases = queueWithDeadLetters(this, 'Cases', { visibility: Duration.minutes(3) });
    this.queues = [cases];
    new Rule(this, 'CasesRule', {
      eventBus: events,
      eventPattern: { source: ['leastwise'], detail: { aggregate: { type: ['case'] } } },
      targets: [new SqsQueue(cases.queue)],
    });
    const files = outputs.ocsf === true ? this.bucket(foundation) : undefined;
    const tell = new LambdaFunction(this, 'ExportCases', {
      ...foundation.function('export-cases'),
      timeout: Duration.seconds(30),
      environment: {
        DEAD_LETTERS_QUEUE_URL: cases.deadLetters.queueUrl,
        STATE_TABLE: foundation.state.tableName,
        FINDINGS_BUCKET: files?.bucketName ?? '',
        SECURITY_HUB_PARTITION: outputs.securityHub === true ? partition : '',
      } satisfies Env,
    });
    allow(tell.executes, ['sqs:SendMessage'], [cases.deadLetters.queueArn]);
    foundation.grantState(tell, ['dynamodb:GetItem']);
    if (files) {
      const objects = files.arnForObjects('ocsf/*');
      allow(tell.executes, ['s3:PutObject'], [objects], 'An object for each version of a case.');
      allowKey(tell.executes, foundation.encryption.data);
    }
    if (outputs.securityHub === true) {
      const product = `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`;
      allow(tell.executes, ['securityhub:BatchImportFindings'], [product]);
    }
    tell.addEventSource(new SqsEventSource(cases.queue, { batchSize: 10, reportBatchItemFailures: true }));
  }

  private bucket({ encryption }: Foundation): Bucket {
    const bucket = new Bucket(this, 'Files', {
      encryption: BucketEncryption.KMS,
      encryptionKey: encryption.data,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ expiration: Duration.days(400) }],
    });
    acknowledge(bucket, 'AwsSolutions-S1', 'The trail records who reads it, where it has data events.');
    return bucket;
  }
}
