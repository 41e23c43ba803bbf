import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** What must wake somebody; each alarm has its entry in docs/runbook.md. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: { key: Key; deadLetters: readonly Queue[] }) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { topicName: 'leastwise-alarms', masterKey: props.key, enforceSSL: true });
    props.key.grantEncryptDecrypt(new ServicePrincipal('cloudwatch.amazonaws.com'));
    const page = new SnsAction(topic);
    for (const queue of props.deadLetters) {
      new Alarm(this, `${queue.node.id}NotEmpty`, {
        alarmName: `leastwise-${queue.node.id}-not-empty`,
        alarmDescription: 'Something could not be worked on and waits. See docs/runbook.md, "Dead letters".',
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'Maximum' }),
        threshold: 0,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }).addAlarmAction(page);
    }
    for (const [name, metric, threshold, entry] of own) {
      new Alarm(this, name, {
        alarmName: `leastwise-${name}`,
        alarmDescription: `See docs/runbook.md, "${entry}".`,
        metric: new Metric({
          namespace: 'Leastwise',
          metricName: metric,
          period: Duration.minutes(5),
          statistic: 'Maximum',
        }),
        threshold,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }).addAlarmAction(page);
    }
  }
}

/** Name, metric in the namespace Leastwise, threshold, runbook entry. */
const own = [
  ['RevokeLag', 'RevokeLagSeconds', 300, 'Revoke lag'],
  ['RejectedRecords', 'RejectedRecords', 0, 'Rejected records'],
  ['UnscoredItems', 'UnscoredItems', 1000, 'Unscored items'],
] as const;
