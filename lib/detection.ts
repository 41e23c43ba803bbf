import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as Target } from 'aws-cdk-lib/aws-events-targets';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ledgerTable } from '../adapters/dynamodb/table.ts';
import type { Env } from '../lambdas/detect-anomaly/env.ts';
import type { Env as SweepEnv } from '../lambdas/sweep-unscored/env.ts';
import type { Foundation } from './foundation.ts';
import { LambdaFunction } from './lambda-function.ts';
import { queueWithDeadLetters } from './queue.ts';

/** First uses and signals become cases: by the ledger's stream at once, by a sweeper where the stream lost one. */
export class Detection extends Construct {
  /** What the ledger's stream lost; the sweeper finds it all the same. */
  readonly lost: readonly Queue[];

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const environment = {
      LEDGER_TABLE: foundation.ledger.tableName,
      STATE_TABLE: foundation.state.tableName,
      WEIGHTS: JSON.stringify(foundation.configuration.detection?.weights ?? {}),
    } satisfies Env & SweepEnv;
    const detect = new LambdaFunction(this, 'DetectAnomaly', {
      ...foundation.function('detect-anomaly'),
      timeout: Duration.minutes(1),
      environment,
    });
    const sweep = new LambdaFunction(this, 'SweepUnscored', {
      ...foundation.function('sweep-unscored'),
      timeout: Duration.minutes(4),
      environment,
    });
    for (const scorer of [detect, sweep]) {
      foundation.grantLedger(scorer, ['dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem']);
      foundation.grantState(scorer, ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem']);
    }
    const lost = queueWithDeadLetters(this, 'LostStream', { visibility: Duration.minutes(1) });
    this.lost = [lost.queue];
    detect.addEventSource(
      new DynamoEventSource(foundation.ledger, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(2),
        retryAttempts: 10,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        parallelizationFactor: 2,
        onFailure: new SqsDlq(lost.queue),
        filters: [
          FilterCriteria.filter({ dynamodb: { NewImage: { [ledgerTable.unscoredMark]: { S: FilterRule.exists() } } } }),
        ],
      }),
    );
    new Rule(this, 'SweepEveryFiveMinutes', {
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new Target(sweep)],
    });
  }
}
