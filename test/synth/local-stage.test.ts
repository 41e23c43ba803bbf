import { App, Aspects, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnEventBusPolicy, EventBus, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { LocalStage } from '../../lib/local-stage.ts';

/** A stack with one of each that the local stage touches. */
function template(local?: string): Record<string, unknown> {
  const app = new App();
  const stack = new Stack(app, 'Small');
  const bus = new EventBus(stack, 'Bus', { eventBusName: 'events' });
  const queue = new Queue(stack, 'Queue');
  new CfnEventBusPolicy(stack, 'Policy', { statementId: 'one' });
  new Rule(stack, 'FastLane', {
    eventBus: bus,
    eventPattern: { source: [{ prefix: 'aws.' }] as unknown as string[] },
    targets: [new SqsQueue(queue, { message: RuleTargetInput.fromEventPath('$') })],
  });
  new Rule(stack, 'Identities', {
    eventBus: bus,
    eventPattern: { source: ['aws.iam'] },
    targets: [new SqsQueue(queue)],
  });
  new Rule(stack, 'Own', { eventBus: bus, eventPattern: { source: ['leastwise'] }, targets: [new SqsQueue(queue)] });
  new Rule(stack, 'Hourly', { schedule: Schedule.cron({ minute: '7' }), targets: [new SqsQueue(queue)] });
  new Rule(stack, 'Nightly', { schedule: Schedule.cron({ minute: '7', hour: '2' }), targets: [new SqsQueue(queue)] });
  new Rule(stack, 'Sweep', { schedule: Schedule.expression('rate(5 minutes)'), targets: [new SqsQueue(queue)] });
  new LambdaFunction(stack, 'Function', {
    code: Code.fromInline('exports.handler = () => {}'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
  });
  if (local !== undefined) Aspects.of(app).add(new LocalStage(local));
  return Template.fromStack(stack).toJSON();
}

const resources = (made: Record<string, unknown>) =>
  Object.values(made.Resources as Record<string, { Type: string; Properties: Record<string, unknown> }>);
const rules = (made: Record<string, unknown>) =>
  resources(made)
    .filter(({ Type }) => Type === 'AWS::Events::Rule')
    .map(({ Properties }) => Properties);

test('in the local stage only, tests may send what otherwise only AWS sends', () => {
  const [fast, identities, own] = rules(template('{}'));
  expect(identities).toMatchObject({ EventPattern: { source: [{ prefix: 'leastwise.test.iam' }] } });
  expect(fast).toMatchObject({ EventPattern: { source: [{ prefix: 'leastwise.test.' }] } });
  const target = (fast?.Targets as Record<string, unknown>[] | undefined)?.[0];
  expect(target?.InputTransformer).toMatchObject({ InputPathsMap: { account: '$.detail.recipientAccountId' } });
  expect(target).not.toHaveProperty('InputPath');
  expect(own).toEqual(rules(template())[2]);
  expect(JSON.stringify(template())).not.toMatch(/leastwise\.test|InputTransformer/);
});

test('in the local stage only, functions are told where the emulators are', () => {
  const variablesIn = (made: Record<string, unknown>) =>
    resources(made).find(({ Type }) => Type === 'AWS::Lambda::Function')?.Properties.Environment;
  expect(variablesIn(template('{"AWS_ENDPOINT_URL":"http://127.0.0.1:1"}'))).toEqual({
    Variables: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
  });
  expect(variablesIn(template())).toBeUndefined();
});

test('what is done every five minutes, or every hour, is done every minute there, and the type that no emulator knows is left out', () => {
  const typesIn = (made: Record<string, unknown>) => resources(made).map(({ Type }) => Type);
  const schedules = (made: Record<string, unknown>) =>
    rules(made).flatMap(({ ScheduleExpression }) => ScheduleExpression ?? []);
  expect(schedules(template('{}'))).toEqual(['rate(1 minute)', 'cron(7 2 * * ? *)', 'rate(1 minute)']);
  expect(schedules(template())).toEqual(['cron(7 * * * ? *)', 'cron(7 2 * * ? *)', 'rate(5 minutes)']);
  expect(typesIn(template('{}'))).not.toContain('AWS::Events::EventBusPolicy');
  expect(typesIn(template())).toContain('AWS::Events::EventBusPolicy');
});
