import { Duration, Stack } from 'aws-cdk-lib';
import { Dashboard as CloudWatchDashboard, GraphWidget, type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { functionsOf, ownMetric } from './alarms.ts';
import type { QueueWithDeadLetters } from './queue.ts';

const period = Duration.minutes(5);

/** One page that says whether it works: what comes in, what waits, what fails, and how late access was taken back. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, queues: readonly QueueWithDeadLetters[]) {
    super(scope, id);
    const functions = functionsOf(Stack.of(this));
    const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12, height: 6, period });
    const made = new CloudWatchDashboard(this, 'Dashboard', { dashboardName: 'leastwise' });
    made.addWidgets(
      graph('Records', [
        ownMetric('AcceptedRecords', 'record-usage', Stats.SUM),
        ownMetric('RejectedRecords', 'record-usage', Stats.SUM),
        ownMetric('MappingDisagreements', 'record-usage', Stats.SUM),
      ]),
      graph('Unscored items, and seconds that access outlived its end', [
        ownMetric('UnscoredItems', 'sweep-unscored', Stats.MAXIMUM),
        ownMetric('RevokeLagSeconds', 'sweep-leases', Stats.MAXIMUM),
      ]),
    );
    made.addWidgets(
      graph(
        'Age of the oldest message',
        queues.map(({ queue }) => queue.metricApproximateAgeOfOldestMessage({ period, label: queue.node.id })),
      ),
      graph(
        'Dead letters',
        queues.map(({ deadLetters }) =>
          deadLetters.metricApproximateNumberOfMessagesVisible({ period, label: deadLetters.node.id }),
        ),
      ),
    );
    made.addWidgets(
      graph(
        'Errors',
        functions.map((each) => each.metricErrors({ period, label: each.name })),
      ),
      graph(
        'Milliseconds, at the 99th percentile',
        functions.map((each) => each.metricDuration({ period, statistic: 'p99', label: each.name })),
      ),
    );
  }
}
