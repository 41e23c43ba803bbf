import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventField, type IEventBus, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { LambdaFunction } from './lambda-function.ts';
import type { QueueWithDeadLetters } from './queue.ts';

export interface Watched {
  key: Key;
  /** Queues that a function reads. */
  queues: readonly QueueWithDeadLetters[];
  /** Every domain event: what happened and must wake somebody says so in its data (`alarm`). */
  events: IEventBus;
  /** Where streams put what their function could not take. */
  lost: readonly Queue[];
}

interface AlarmOn {
  name: string;
  /** The heading of its entry in docs/runbook.md. */
  entry: string;
  metric: IMetric;
  above: number;
  /** Periods of the metric, mostly five minutes, that must all be above; 1 where not said. */
  periods?: number;
}

const period = Duration.minutes(5);

/** What must wake somebody, on one topic; each alarm names its entry in docs/runbook.md. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { key, queues, lost, events }: Watched) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { topicName: 'leastwise-alarms', masterKey: key, enforceSSL: true });
    key.grantEncryptDecrypt(new ServicePrincipal('cloudwatch.amazonaws.com'));
    new CfnOutput(this, 'TopicArn', { value: topic.topicArn, description: 'Subscribe whoever is to be woken' });
    key.grantEncryptDecrypt(new ServicePrincipal('events.amazonaws.com'));
    this.tellOfDecisions(events, topic);
    const page = new SnsAction(topic);
    const functions = functionsOf(Stack.of(this));
    for (const { name, entry, metric, above, periods = 1 } of [
      ...queues.flatMap(queueAlarms),
      ...lost.map(lostAlarm),
      ...functions.map(errorAlarm),
      ...functions.filter(readsStream).map(iteratorAlarm),
      ...own,
    ]) {
      new Alarm(this, name, {
        alarmName: `leastwise-${name}`,
        alarmDescription: `See docs/runbook.md, "${entry}".`,
        metric,
        threshold: above,
        evaluationPeriods: periods,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }).addAlarmAction(page);
    }
  }

  /** Needs neither a function nor Slack: what a decision must tell goes to whoever is to be woken. */
  private tellOfDecisions(eventBus: IEventBus, topic: Topic): void {
    const what = EventField.fromPath('$.detail.data.alarm');
    const [aggregate, by] = [EventField.fromPath('$.detail.aggregate.id'), EventField.fromPath('$.detail.by')];
    new Rule(this, 'Decisions', {
      eventBus,
      description: 'Wakes somebody where a decision must not go unseen',
      eventPattern: { source: ['leastwise'], detail: { data: { alarm: [{ exists: true }] } } },
      targets: [
        new SnsTopic(topic, {
          message: RuleTargetInput.fromText(
            `Leastwise: ${what} (${aggregate}, by ${by}). See docs/runbook.md, "Decisions that wake somebody".`,
          ),
        }),
      ],
    });
  }
}

/** Every function of ours in the stack, by name. */
export const functionsOf = (stack: Stack): LambdaFunction[] =>
  stack.node.findAll().filter((node): node is LambdaFunction => node instanceof LambdaFunction);

/** A metric that a function writes itself (lambdas/entry.ts): its name stands in the dimension. */
export const ownMetric = (metricName: string, writer: string, statistic: string): Metric =>
  new Metric({
    namespace: 'Leastwise',
    metricName,
    dimensionsMap: { service: `leastwise-${writer}` },
    period,
    statistic,
  });

const nameOf = (queue: Queue) => queue.node.id.replace(/(DeadLetters|Queue)$/, '');

const queueAlarms = ({ queue, deadLetters }: QueueWithDeadLetters): AlarmOn[] => [
  lostAlarm(deadLetters),
  {
    name: `QueueAge-${nameOf(queue)}`,
    entry: 'Queue age',
    metric: queue.metricApproximateAgeOfOldestMessage({ period, statistic: Stats.MAXIMUM }),
    above: 900,
  },
  {
    name: `QueueDepth-${nameOf(queue)}`,
    entry: 'Queue depth',
    metric: queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
    above: 10_000,
    periods: 3,
  },
];

const lostAlarm = (queue: Queue): AlarmOn => ({
  name: `DeadLetters-${nameOf(queue)}`,
  entry: 'Dead letters',
  metric: queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
  above: 0,
});

const errorAlarm = (made: LambdaFunction): AlarmOn => ({
  name: `Errors-${made.name}`,
  entry: 'Errors',
  // Once is what retries are for. What runs by the hour or by the night never fails in three periods in a row: there a
  // retry that failed too tells, and a quarter of an hour may lie between them.
  ...(runsSeldom(made)
    ? { metric: made.metricErrors({ period: Duration.hours(1), statistic: Stats.SUM }), above: 1 }
    : { metric: made.metricErrors({ period, statistic: Stats.SUM }), above: 0, periods: 3 }),
});

const runsSeldom = ({ name }: LambdaFunction): boolean =>
  name === 'seal-audit' || name === 'take-inventory' || name === 'propose-rightsizing';

const readsStream = ({ name }: LambdaFunction): boolean => name === 'detect-anomaly' || name === 'publish-events';

const iteratorAlarm = (made: LambdaFunction): AlarmOn => ({
  name: `IteratorAge-${made.name}`,
  entry: 'Iterator age',
  metric: made.metric('IteratorAge', { period, statistic: Stats.MAXIMUM }),
  above: 300_000,
});

const own: readonly AlarmOn[] = [
  {
    name: 'RevokeLag',
    entry: 'Revoke lag',
    metric: ownMetric('RevokeLagSeconds', 'sweep-leases', Stats.MAXIMUM),
    above: 300,
  },
  {
    name: 'LeasesHeld',
    entry: 'Leases held open',
    // Through two whole hours: who made it has had the time to delete it or to answer for it.
    metric: ownMetric('LeasesHeld', 'verify-leases', Stats.MINIMUM).with({ period: Duration.hours(1) }),
    above: 0,
    periods: 2,
  },
  {
    name: 'RejectedRecords',
    entry: 'Rejected records',
    metric: ownMetric('RejectedRecords', 'record-usage', Stats.SUM),
    above: 0,
  },
  {
    name: 'UnscoredItems',
    entry: 'Unscored items',
    metric: ownMetric('UnscoredItems', 'sweep-unscored', Stats.MAXIMUM),
    above: 1000,
  },
  {
    name: 'MappingDisagreements',
    entry: 'Mapping disagreements',
    metric: ownMetric('MappingDisagreements', 'record-usage', Stats.SUM),
    above: 0,
  },
  {
    name: 'UnreadParts',
    entry: 'Unread parts',
    metric: ownMetric('UnreadParts', 'take-inventory', Stats.SUM),
    above: 0,
  },
  {
    name: 'BrokenAudit',
    entry: 'Broken audit',
    metric: ownMetric('BrokenAudit', 'seal-audit', Stats.MAXIMUM),
    above: 0,
  },
];
