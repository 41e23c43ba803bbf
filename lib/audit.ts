import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as Target } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Env } from '../lambdas/seal-audit/env.ts';
import { allow, allowKey } from './allow.ts';
import type { Foundation } from './foundation.ts';
import { LambdaFunction } from './lambda-function.ts';

/** Once an hour, the heads of all audit chains are signed, with a key that signs nothing else (ADR-0008). */
export class Audit extends Construct {
  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { encryption, storage } = foundation;
    const seal = new LambdaFunction(this, 'SealAudit', {
      ...foundation.function('seal-audit'),
      timeout: Duration.minutes(15),
      memory: 1024,
      environment: { AUDIT_BUCKET: storage.audit.bucketName, AUDIT_KEY: encryption.audit.keyArn } satisfies Env,
    });
    const [events, manifests] = [storage.audit.arnForObjects('audit/*'), storage.audit.arnForObjects('manifests/*')];
    allow(seal.executes, ['s3:ListBucket'], [storage.audit.bucketArn]);
    allow(seal.executes, ['s3:GetObject'], [events], 'One object an event.');
    allow(seal.executes, ['s3:GetObject', 's3:PutObject'], [manifests], 'One object a manifest.');
    allow(seal.executes, ['kms:Sign', 'kms:Verify'], [encryption.audit.keyArn]);
    allowKey(seal.executes, encryption.data);
    new Rule(this, 'EveryHour', {
      description: 'Signs where every audit chain stands',
      schedule: Schedule.cron({ minute: '7' }),
      targets: [new Target(seal)],
    });
    new CfnOutput(this, 'Bucket', { value: storage.audit.bucketName, description: 'Fetch it to verify the audit' });
    new CfnOutput(this, 'KeyArn', { value: encryption.audit.keyArn, description: 'Its public key verifies the audit' });
  }
}
