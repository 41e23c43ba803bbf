import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as Target } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Env as ProposeEnv } from '../lambdas/propose-rightsizing/env.ts';
import type { Env as TakeEnv } from '../lambdas/take-inventory/env.ts';
import { allow, allowKey } from './allow.ts';
import type { Foundation } from './foundation.ts';
import { LambdaFunction } from './lambda-function.ts';
import { scanRole } from './member-roles.ts';

/** Every account's identities at night, then proposals from what they used. */
export class Inventory extends Construct {
  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { inventory, snapshots } = foundation.storage;
    const take = new LambdaFunction(this, 'TakeInventory', {
      ...foundation.function('take-inventory'),
      timeout: Duration.minutes(15),
      memory: 1769,
      environment: { INVENTORY_BUCKET: inventory.bucketName, MEMBER_ROLE: scanRole.name } satisfies TakeEnv,
    });
    foundation.grantAssume(take.executes, scanRole.name);
    allow(take.executes, ['s3:GetObject', 's3:PutObject'], [snapshots], 'One snapshot an account.');
    foundation.grantKnowingAbsence(take.executes);
    allowKey(take.executes, foundation.encryption.data);

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
    foundation.grantState(propose, [
      'dynamodb:Query',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
    ]);
    new Rule(this, 'EveryNight', { schedule: Schedule.cron({ minute: '17', hour: '2' }), targets: [new Target(take)] });
    new Rule(this, 'EveryMorning', {
      schedule: Schedule.cron({ minute: '17', hour: '5' }),
      targets: [new Target(propose)],
    });
  }
}
