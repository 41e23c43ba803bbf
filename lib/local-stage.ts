import { type IAspect, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnEventSourceMapping, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

/** Context key of the local stage; its value is the JSON of what every function is told beside its own environment. */
export const localStageContext = 'leastwise:local-stage';

/** What only AWS may send begins with `aws.`; tests send with this instead, and it exists in the local stage only. */
const testSource = 'leastwise.test.';

/**
 * The same stacks on emulators of AWS on this machine (docs/emulators.md). Without the context nothing here runs, and a
 * test holds that nothing of it is in a template then.
 */
export class LocalStage implements IAspect {
  private readonly variables: Readonly<Record<string, string>>;

  constructor(context: string) {
    this.variables = JSON.parse(context) as Record<string, string>;
  }

  visit(node: IConstruct): void {
    if (node instanceof LambdaFunction) {
      for (const [name, value] of Object.entries(this.variables)) node.addEnvironment(name, value);
    } else if (node instanceof CfnRule) {
      // What is done every five or fifteen minutes, or every hour, is seen every minute here.
      if (often.test(node.scheduleExpression ?? '')) node.scheduleExpression = 'rate(1 minute)';
      if (node.eventBusName !== undefined) takeTests(node);
    } else if (node instanceof CfnEventSourceMapping) {
      // Batches are for cost, and nobody wants to wait half a minute for one here.
      if (node.maximumBatchingWindowInSeconds) node.maximumBatchingWindowInSeconds = 1;
    } else if (node instanceof CfnEventBusPolicy) {
      // The emulator knows no such type; who may put events is asserted on the template of production.
      node.node.scope?.node.tryRemoveChild(node.node.id);
    }
  }
}

const often = /^rate\(1?5 minutes\)$|^cron\(\d+ \* \* \* \? \*\)$/;

type Source = string | { prefix?: string };

/** The sources of AWS that the rule takes, as tests send them; undefined where it takes none. */
function sourcesOf(rule: CfnRule): Source[] | undefined {
  const { source = [] } = (Stack.of(rule).resolve(rule.eventPattern) ?? {}) as { source?: Source[] };
  const ofTests = source.flatMap((each) => {
    const name = typeof each === 'string' ? each : each.prefix;
    return name?.startsWith('aws.') ? { prefix: testSource + name.slice('aws.'.length) } : [];
  });
  return ofTests.length > 0 ? ofTests : undefined;
}

/**
 * The emulator, like AWS, lets nobody send as AWS, and it forwards nothing from the bus of one account to another's. So a
 * test puts its events on the central bus itself, and the rule restores what forwarding would have kept.
 */
function takeTests(rule: CfnRule): void {
  const sources = sourcesOf(rule);
  if (sources === undefined) return;
  rule.addPropertyOverride('EventPattern.source', sources);
  rule.addPropertyDeletionOverride('Targets.0.InputPath');
  rule.addPropertyOverride('Targets.0.InputTransformer', {
    InputPathsMap: {
      id: '$.id',
      type: '$.detail-type',
      time: '$.time',
      region: '$.detail.awsRegion',
      account: '$.detail.recipientAccountId',
      detail: '$.detail',
    },
    InputTemplate:
      '{"version":"0","id":<id>,"detail-type":<type>,"source":"aws.test","account":<account>,"time":<time>,"region":<region>,"resources":[],"detail":<detail>}',
  });
}
