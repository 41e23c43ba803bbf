import { Duration, Stack } from 'aws-cdk-lib';
import { EventBus, type IEventBus, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue, LambdaFunction as Target } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { stateTable } from '../adapters/dynamodb/table.ts';
import type { ChangeKind } from '../core/changes/change.ts';
import { deploymentOf } from '../core/configuration.ts';
import { federationPattern, leaverPattern } from '../core/fast-lane/patterns.ts';
import { assignRole } from '../core/leases/assignment.ts';
import type { Env as ApplyEnv } from '../lambdas/apply-change/env.ts';
import type { Env as PublishEnv } from '../lambdas/publish-events/env.ts';
import type { Env as ResumeEnv } from '../lambdas/resume-changes/env.ts';
import type { Env as RevokeEnv } from '../lambdas/revoke-lease/env.ts';
import type { Env as SweepEnv } from '../lambdas/sweep-leases/env.ts';
import type { Env as UndoEnv } from '../lambdas/undo-change/env.ts';
import type { Env as VerifyEnv } from '../lambdas/verify-leases/env.ts';
import { allow } from './allow.ts';
import { fastLaneRule } from './fast-lane.ts';
import type { Foundation } from './foundation.ts';
import { executionRole, LambdaFunction } from './lambda-function.ts';
import { memberRoles, scanRole } from './member-roles.ts';
import { type QueueWithDeadLetters, queueWithDeadLetters } from './queue.ts';

const stateActions = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/**
 * What was decided is done here and nowhere else: three execution roles, each able to assume one member role
 * (ADR-0013). What was cut off half way is resumed by the clock. Lent access is taken back by its schedule and, where that is lost, by the sweeper.
 */
export class Changes extends Construct {
  /** Read by a function. */
  readonly queues: QueueWithDeadLetters[] = [];
  /** What the outbox's stream lost. */
  readonly lost: Queue[] = [];
  /** Every domain event. */
  readonly bus: EventBus;
  private readonly revocations: QueueWithDeadLetters;
  private readonly schedules: { group: string; role: Role };
  private readonly foundation: Foundation;

  constructor(scope: Construct, id: string, foundation: Foundation, messages: Queue, trail: IEventBus) {
    super(scope, id);
    this.foundation = foundation;
    this.bus = new EventBus(this, 'DomainEvents', {
      eventBusName: 'leastwise',
      description: 'Leastwise: what happened, one event an outbox row',
    });
    this.revocations = this.queue('Revocations');
    this.schedules = this.scheduleGroup();
    this.publish();
    new Rule(this, 'Views', {
      eventBus: this.bus,
      description: 'Whatever happens is shown',
      eventPattern: { source: ['leastwise'] },
      targets: [new SqsQueue(messages)],
    });
    for (const kind of ['quarantine', 'rightsizing', 'lending'] as const) this.carryOut(kind);
    this.verifyLeases();
    this.endOfLeavers(trail);
  }

  /** Who is deleted or disabled in Identity Center, as the fast lane tells it. */
  private endOfLeavers(eventBus: IEventBus): void {
    const { queue, deadLetters } = this.revocations;
    fastLaneRule(this, 'Leavers', {
      eventBus,
      description: 'Leastwise: whoever left Identity Center keeps nothing that was lent',
      pattern: leaverPattern,
      target: new SqsQueue(queue, { message: RuleTargetInput.fromEventPath('$'), deadLetterQueue: deadLetters }),
    });
    fastLaneRule(this, 'Federation', {
      eventBus,
      description: 'Leastwise: who vouches for sessions of Identity Center in an account',
      pattern: federationPattern,
      target: new SqsQueue(queue, { message: RuleTargetInput.fromEventPath('$'), deadLetterQueue: deadLetters }),
    });
  }

  /** Whether access is gone is said by a function that cannot have taken it: it assumes the role that changes nothing. */
  private verifyLeases(): void {
    const { foundation } = this;
    const verify = new LambdaFunction(this, 'VerifyLeases', {
      ...foundation.function('verify-leases'),
      timeout: Duration.minutes(10),
      memory: 1769,
      environment: {
        STATE_TABLE: foundation.state.tableName,
        LEDGER_TABLE: foundation.ledger.tableName,
        INVENTORY_BUCKET: foundation.storage.inventory.bucketName,
        MEMBER_ROLE: scanRole.name,
      } satisfies VerifyEnv,
    });
    foundation.grantAssume(verify.executes, scanRole.name);
    const because = 'The tree, and how far a scan of it came.';
    allow(verify.executes, ['s3:GetObject'], [foundation.storage.organization], because);
    foundation.grantState(verify, ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem']);
    foundation.grantLedger(verify, ['dynamodb:Query', 'dynamodb:GetItem']);
    allow(verify.executes, ['s3:GetObject'], [foundation.storage.snapshots], 'One snapshot an account.');
    foundation.grantKnowingAbsence(verify.executes);
    new Rule(this, 'VerifyLeasesRule', {
      description: 'Looks whether anything remains of access that was lent',
      schedule: Schedule.rate(Duration.minutes(15)),
      targets: [new Target(verify)],
    });
  }

  /** The outbox leaves through the stream: to the bus, and under Object Lock into the audit bucket. */
  private publish(): void {
    const { foundation } = this;
    const publish = new LambdaFunction(this, 'PublishEvents', {
      ...foundation.function('publish-events'),
      environment: {
        STATE_TABLE: foundation.state.tableName,
        EVENT_BUS: this.bus.eventBusName,
        AUDIT_BUCKET: foundation.storage.audit.bucketName,
      } satisfies PublishEnv,
    });
    foundation.grantState(publish, ['dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']);
    allow(publish.executes, ['events:PutEvents'], [this.bus.eventBusArn]);
    const archived = foundation.storage.audit.arnForObjects('audit/*');
    allow(publish.executes, ['s3:PutObject', 's3:GetObject'], [archived], 'One object an event.');
    const lost = queueWithDeadLetters(this, 'LostOutbox', { visibility: Duration.minutes(12) });
    this.lost.push(lost.queue);
    publish.addEventSource(
      new DynamoEventSource(foundation.state, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 50,
        retryAttempts: 20,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        onFailure: new SqsDlq(lost.queue),
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.isEqual('INSERT'),
            dynamodb: { NewImage: { [stateTable.outboxMark]: { S: FilterRule.exists() } } },
          }),
        ],
      }),
    );
    new Rule(this, 'SweepOutbox', {
      description: 'Publishes what the stream lost',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new Target(publish)],
    });
  }

  private carryOut(kind: ChangeKind): void {
    const { foundation } = this;
    const member = memberRoles[kind];
    const role = executionRole(this, `Execute-${kind}`, member.executedBy);
    foundation.grantAssume(role, member.name);
    allow(role, ['kms:Verify'], [foundation.encryption.signing.keyArn]);
    const common = { STATE_TABLE: foundation.state.tableName, MEMBER_ROLE: member.name };
    const schedule = {
      SCHEDULE_GROUP: this.schedules.group,
      SCHEDULE_ROLE: this.schedules.role.roleArn,
      REVOKE_QUEUE_ARN: this.revocations.queue.queueArn,
    };
    const SIGNING_KEY = foundation.encryption.signing.keyArn;
    const approved = this.work(`Apply-${kind}`, 'change.approved', kind);
    const apply = { ...common, ...schedule, SIGNING_KEY, DEAD_LETTERS_QUEUE_URL: approved.deadLetters.queueUrl };
    this.executor('apply-change', kind, role, apply satisfies ApplyEnv, approved);
    if (kind === 'lending') {
      this.revoke(role, { ...common, ...schedule });
    } else {
      const undone = this.work(`Undo-${kind}`, 'change.undo-approved', kind);
      const undo = { ...common, SIGNING_KEY, DEAD_LETTERS_QUEUE_URL: undone.deadLetters.queueUrl };
      this.executor('undo-change', kind, role, undo satisfies UndoEnv, undone);
      this.resume(kind, role, { ...common, ...schedule, SIGNING_KEY, KIND: kind });
    }
  }

  /** Under the role of the kind, since only that may touch what was begun. */
  private resume(kind: ChangeKind, role: Role, environment: ResumeEnv): void {
    new Rule(this, `Resume-${kind}Rule`, {
      description: 'Goes on with what was decided and whose message was lost',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new Target(this.executor('resume-changes', kind, role, environment))],
    });
  }

  private revoke(role: Role, environment: SweepEnv): void {
    const { identityCenter } = deploymentOf(this.foundation.configuration);
    if (identityCenter !== null)
      allow(
        role,
        ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        [`arn:aws:iam::${identityCenter.administrator}:role/${assignRole}`],
      );
    const revoke = { ...environment, DEAD_LETTERS_QUEUE_URL: this.revocations.deadLetters.queueUrl };
    this.executor('revoke-lease', undefined, role, revoke satisfies RevokeEnv, this.revocations);
    new Rule(this, 'RevokeOnRequest', {
      eventBus: this.bus,
      eventPattern: { source: ['leastwise'], detailType: ['lease.revoking', 'case.not-us', 'change.review-denied'] },
      targets: [new SqsQueue(this.revocations.queue)],
    });
    const sweep = this.executor('sweep-leases', undefined, role, environment);
    new Rule(this, 'SweepLeases', {
      description: 'Takes back what its schedule did not',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new Target(sweep)],
    });
    const { region, account } = Stack.of(this);
    allow(
      role,
      ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule'],
      [`arn:aws:scheduler:${region}:${account}:schedule/${this.schedules.group}/*`],
      'A schedule is named for its lease, in a group that holds nothing else.',
    );
    allow(role, ['iam:PassRole'], [this.schedules.role.roleArn]);
  }

  /** A function under the role of its kind, fed by a queue where there is one. */
  private executor(
    folder: string,
    kind: ChangeKind | undefined,
    role: Role,
    environment: Record<string, string>,
    fed?: QueueWithDeadLetters,
  ): LambdaFunction {
    const name = kind ? `${folder}-${kind}` : folder;
    const made = new LambdaFunction(this, name, {
      ...this.foundation.function(folder),
      name,
      role,
      timeout: Duration.minutes(2),
      environment,
    });
    this.foundation.grantState(made, stateActions);
    if (fed) {
      made.addEventSource(new SqsEventSource(fed.queue, { batchSize: 1, reportBatchItemFailures: true }));
      allow(role, ['sqs:SendMessage'], [fed.deadLetters.queueArn]);
    }
    return made;
  }

  /** A queue of what the bus tells about one kind of change. */
  private work(id: string, type: string, kind: ChangeKind): QueueWithDeadLetters {
    const made = this.queue(id);
    new Rule(this, `${id}Rule`, {
      eventBus: this.bus,
      eventPattern: { source: ['leastwise'], detailType: [type], detail: { data: { kind: [kind] } } },
      targets: [new SqsQueue(made.queue)],
    });
    return made;
  }

  private queue(id: string): QueueWithDeadLetters {
    const made = queueWithDeadLetters(this, id, { visibility: Duration.minutes(12) });
    this.queues.push(made);
    return made;
  }

  /** Schedules are made at run time, one a lease; the stack has their group and the role that they run under. */
  private scheduleGroup(): { group: string; role: Role } {
    const group = new CfnScheduleGroup(this, 'Leases', { name: 'leastwise-leases' });
    const role = new Role(this, 'ScheduleRole', {
      roleName: 'leastwise-schedule',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    allow(role, ['sqs:SendMessage'], [this.revocations.queue.queueArn]);
    return { group: group.name ?? 'leastwise-leases', role };
  }
}
