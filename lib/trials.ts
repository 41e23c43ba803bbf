import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as Target } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Env } from '../lambdas/watch-trials/env.ts';
import { allow } from './allow.ts';
import type { Foundation } from './foundation.ts';
import { LambdaFunction } from './lambda-function.ts';

/** Looks every five minutes whether a trial denied what somebody uses. It ends trials in the table and touches nothing else. */
export class Trials extends Construct {
  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { inventory, snapshots } = foundation.storage;
    const watch = new LambdaFunction(this, 'WatchTrials', {
      ...foundation.function('watch-trials'),
      timeout: Duration.minutes(4),
      memory: 1769,
      environment: {
        LEDGER_TABLE: foundation.ledger.tableName,
        STATE_TABLE: foundation.state.tableName,
        INVENTORY_BUCKET: inventory.bucketName,
      } satisfies Env,
    });
    allow(watch.executes, ['s3:GetObject'], [snapshots], 'One snapshot an account.');
    foundation.grantKnowingAbsence(watch.executes);
    foundation.grantLedger(watch, ['dynamodb:Query', 'dynamodb:GetItem']);
    foundation.grantState(watch, ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem']);
    new Rule(this, 'WatchTrialsRule', {
      description: 'Looks whether a trial denied what somebody uses',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new Target(watch)],
    });
  }
}
