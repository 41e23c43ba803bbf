import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type CfnStage, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Env as HandleEnv } from '../lambdas/handle-slack/env.ts';
import type { Env as SignedEnv } from '../lambdas/receive-signed/env.ts';
import type { Env as ReceiveEnv } from '../lambdas/receive-slack/env.ts';
import type { Env as ShowEnv } from '../lambdas/show-messages/env.ts';
import type { Env as SuggestEnv } from '../lambdas/suggest-options/env.ts';
import { acknowledge } from './acknowledge.ts';
import { allow } from './allow.ts';
import type { Foundation } from './foundation.ts';
import { LambdaFunction } from './lambda-function.ts';
import { scanRole } from './member-roles.ts';
import { type QueueWithDeadLetters, queueWithDeadLetters } from './queue.ts';

const aggregateActions = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/**
 * Slack comes in by one endpoint: verify, store, acknowledge; a queue does the work. What faces Slack can neither sign
 * nor apply; what decides can sign, look, and not apply.
 */
export class Slack extends Construct {
  /** Domain events that change a view go here. */
  readonly messages: Queue;
  readonly queues: readonly QueueWithDeadLetters[];

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const signingSecret = this.secret('SigningSecret', 'the Slack app’s signing secret', foundation);
    const token = this.secret('Token', 'the Slack app’s bot token', foundation);
    const buttonKey = new Secret(this, 'ButtonKey', {
      description: 'Leastwise: keys the nonces of buttons, so that only a button of ours can be pressed',
      encryptionKey: foundation.encryption.data,
    });
    acknowledge(buttonKey, 'AwsSolutions-SMG4', 'A new key would make every button in a waiting message invalid.');
    const inbox = queueWithDeadLetters(this, 'Inbox', { visibility: Duration.minutes(3) });
    const messages = queueWithDeadLetters(this, 'Messages', { visibility: Duration.minutes(3) });
    this.messages = messages.queue;
    this.queues = [inbox, messages];

    const receive = this.receive(foundation, inbox.queue, { signingSecret, token });
    const signed = this.signed(foundation, inbox.queue, buttonKey);
    const suggest = this.suggest(foundation, { signingSecret, token });
    const api = this.endpoint({ receive, signed, suggest }, foundation);

    const handle = new LambdaFunction(this, 'HandleSlack', {
      ...foundation.function('handle-slack'),
      environment: {
        DEAD_LETTERS_QUEUE_URL: inbox.deadLetters.queueUrl,
        MEMBER_ROLE: scanRole.name,
        LEDGER_TABLE: foundation.ledger.tableName,
        STATE_TABLE: foundation.state.tableName,
        SIGNING_KEY: foundation.encryption.signing.keyArn,
        SLACK_TOKEN_SECRET: token.secretArn,
        BUTTON_KEY_SECRET: buttonKey.secretArn,
        SIGNED_URL: `${api.apiEndpoint}/signed`,
        INVENTORY_BUCKET: foundation.storage.inventory.bucketName,
      } satisfies HandleEnv,
    });
    allow(handle.executes, ['kms:Sign'], [foundation.encryption.signing.keyArn]);
    foundation.grantAssume(handle.executes, scanRole.name);
    allow(handle.executes, ['sqs:SendMessage'], [inbox.deadLetters.queueArn]);
    allow(handle.executes, ['secretsmanager:GetSecretValue'], [token.secretArn, buttonKey.secretArn]);
    this.scanned(handle, foundation);
    foundation.grantLedger(handle, ['dynamodb:Query']);
    foundation.grantState(handle, [...aggregateActions, 'dynamodb:DeleteItem']);
    handle.addEventSource(new SqsEventSource(inbox.queue, { batchSize: 10, reportBatchItemFailures: true }));

    const show = new LambdaFunction(this, 'ShowMessages', {
      ...foundation.function('show-messages'),
      // One post a second and channel is what Slack takes.
      concurrency: 2,
      environment: {
        DEAD_LETTERS_QUEUE_URL: messages.deadLetters.queueUrl,
        LEDGER_TABLE: foundation.ledger.tableName,
        STATE_TABLE: foundation.state.tableName,
        SLACK_TOKEN_SECRET: token.secretArn,
        BUTTON_KEY_SECRET: buttonKey.secretArn,
      } satisfies ShowEnv,
    });
    allow(show.executes, ['secretsmanager:GetSecretValue'], [token.secretArn, buttonKey.secretArn]);
    allow(show.executes, ['sqs:SendMessage'], [messages.deadLetters.queueArn]);
    // A case says who else uses the role that a quarantine would hit.
    foundation.grantLedger(show, ['dynamodb:Query']);
    // Deletes: the message of a superseded case moves to its successor's key.
    foundation.grantState(show, [...aggregateActions, 'dynamodb:DeleteItem']);
    this.remind(messages.queue);
    show.addEventSource(new SqsEventSource(messages.queue, { batchSize: 10, reportBatchItemFailures: true }));
  }

  /** What was last read of the accounts and of what stands above them. */
  private scanned({ executes }: LambdaFunction, foundation: Foundation): void {
    const { snapshots, organization } = foundation.storage;
    allow(executes, ['s3:GetObject'], [snapshots, organization], 'One snapshot an account, and the organization.');
    foundation.grantKnowingAbsence(executes);
  }

  /** Whoever has access that ends soon is told so, by the function that shows everything else. */
  private remind(messages: Queue): void {
    const message = RuleTargetInput.fromObject({ detail: { aggregate: { type: 'reminders', id: 'due' } } });
    new Rule(this, 'Remind', {
      description: 'Tells of lent access that ends soon',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new SqsQueue(messages, { message })],
    });
  }

  private secret(id: string, what: string, foundation: Foundation): Secret {
    const secret = new Secret(this, id, {
      description: `Leastwise: ${what}`,
      encryptionKey: foundation.encryption.data,
    });
    new CfnOutput(this, `${id}Arn`, { value: secret.secretArn, description: `Enter ${what}` });
    acknowledge(secret, 'AwsSolutions-SMG4', 'Slack issues it; it is rotated in Slack and then entered here.');
    return secret;
  }

  /** Takes in what people signed by sessions of their own; asks STS in their name, and can do nothing in ours. */
  private signed(foundation: Foundation, inbox: Queue, buttonKey: Secret): LambdaFunction {
    const signed = new LambdaFunction(this, 'ReceiveSigned', {
      ...foundation.function('receive-signed'),
      timeout: Duration.seconds(10),
      memory: 1024,
      environment: {
        STATE_TABLE: foundation.state.tableName,
        INBOX_QUEUE_URL: inbox.queueUrl,
        BUTTON_KEY_SECRET: buttonKey.secretArn,
      } satisfies SignedEnv,
    });
    allow(signed.executes, ['secretsmanager:GetSecretValue'], [buttonKey.secretArn]);
    allow(signed.executes, ['sqs:SendMessage'], [inbox.queueArn]);
    foundation.grantState(signed, ['dynamodb:GetItem', 'dynamodb:PutItem']);
    return signed;
  }

  /** Verifies, stores and queues, and opens forms, which cannot wait; it can neither decide nor make a button. */
  private receive(foundation: Foundation, inbox: Queue, secrets: { signingSecret: Secret; token: Secret }) {
    const { signingSecret, token } = secrets;
    const receive = new LambdaFunction(this, 'ReceiveSlack', {
      ...foundation.function('receive-slack'),
      timeout: Duration.seconds(5),
      memory: 1024,
      environment: {
        STATE_TABLE: foundation.state.tableName,
        INBOX_QUEUE_URL: inbox.queueUrl,
        SLACK_SIGNING_SECRET: signingSecret.secretArn,
        SLACK_TOKEN_SECRET: token.secretArn,
      } satisfies ReceiveEnv,
    });
    allow(receive.executes, ['secretsmanager:GetSecretValue'], [signingSecret.secretArn, token.secretArn]);
    allow(receive.executes, ['sqs:SendMessage'], [inbox.queueArn]);
    // Read: whether an item that is there already still waits.
    foundation.grantState(receive, ['dynamodb:GetItem', 'dynamodb:PutItem']);
    return receive;
  }

  /** Answers what the form's selects ask, out of what was last read of the accounts; it can write nothing. */
  private suggest(foundation: Foundation, secrets: { signingSecret: Secret; token: Secret }): LambdaFunction {
    const { signingSecret, token } = secrets;
    const suggest = new LambdaFunction(this, 'SuggestOptions', {
      ...foundation.function('suggest-options'),
      timeout: Duration.seconds(5),
      memory: 1024,
      environment: {
        STATE_TABLE: foundation.state.tableName,
        INVENTORY_BUCKET: foundation.storage.inventory.bucketName,
        SLACK_SIGNING_SECRET: signingSecret.secretArn,
        SLACK_TOKEN_SECRET: token.secretArn,
      } satisfies SuggestEnv,
    });
    allow(suggest.executes, ['secretsmanager:GetSecretValue'], [signingSecret.secretArn, token.secretArn]);
    this.scanned(suggest, foundation);
    // Who is enrolled by now.
    foundation.grantState(suggest, ['dynamodb:GetItem']);
    return suggest;
  }

  private endpoint(
    { receive, signed, suggest }: Record<'receive' | 'signed' | 'suggest', LambdaFunction>,
    foundation: Foundation,
  ): HttpApi {
    const api = new HttpApi(this, 'Api', { description: 'Leastwise: what comes from Slack and from terminals' });
    const toSigned = new HttpLambdaIntegration('Signed', signed);
    api.addRoutes({ path: '/signed', methods: [HttpMethod.POST], integration: toSigned });
    api.addRoutes({ path: '/signed/{id}', methods: [HttpMethod.GET], integration: toSigned });
    api.addRoutes({
      path: '/slack',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Receive', receive),
    });
    api.addRoutes({
      path: '/slack/options',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Suggest', suggest),
    });
    acknowledge(
      api,
      'AwsSolutions-APIG4',
      'Slack and people’s sessions of AWS sign their requests; the functions verify that before anything else.',
    );
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: '/leastwise/slack-access',
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey: foundation.encryption.data,
    });
    const stage = api.defaultStage?.node.defaultChild as CfnStage;
    stage.accessLogSettings = {
      destinationArn: accessLog.logGroupArn,
      format:
        '{"time":"$context.requestTime","ip":"$context.identity.sourceIp","status":"$context.status","id":"$context.requestId"}',
    };
    stage.defaultRouteSettings = { throttlingBurstLimit: 50, throttlingRateLimit: 20 };
    new CfnOutput(this, 'RequestUrl', {
      value: `${api.apiEndpoint}/slack`,
      description: 'Enter this as request URL in the Slack app',
    });
    new CfnOutput(this, 'SignedUrl', {
      value: `${api.apiEndpoint}/signed`,
      description: 'Name this to `leastwise request` and its like as --url',
    });
    return api;
  }
}
