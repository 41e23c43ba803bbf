import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface QueueWithDeadLetters {
  queue: Queue;
  deadLetters: Queue;
}

/** A queue whose poison goes to a dead-letter queue after five tries and waits there for 14 days. */
export function queueWithDeadLetters(
  scope: Construct,
  id: string,
  props: { visibility: Duration },
): QueueWithDeadLetters {
  const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, removalPolicy: RemovalPolicy.RETAIN };
  const deadLetters = new Queue(scope, `${id}DeadLetters`, { ...common, retentionPeriod: Duration.days(14) });
  const queue = new Queue(scope, `${id}Queue`, {
    ...common,
    visibilityTimeout: props.visibility,
    retentionPeriod: Duration.days(14),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
  });
  acknowledge(deadLetters, 'AwsSolutions-SQS3', 'This is the dead-letter queue.');
  return { queue, deadLetters };
}
