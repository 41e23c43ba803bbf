import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { readConfiguration } from '../../adapters/files/configuration.ts';
import type { Outputs } from '../../core/configuration.ts';
import { Findings } from '../../lib/findings.ts';
import { Foundation } from '../../lib/foundation.ts';
import { statementsOf } from './synth.ts';

const file = 'leastwise.config.example.json';

/** The capability alone; nothing is bundled for it. */
function synthesized(outputs: Outputs) {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Findings');
  const foundation = new Foundation(stack, 'Foundation', {
    configuration: readConfiguration(file),
    configurationFile: file,
  });
  new Findings(stack, 'Findings', { foundation, events: new EventBus(stack, 'Events'), outputs });
  const template = Template.fromStack(stack);
  const actions = statementsOf(template.toJSON().Resources, 'leastwise-export-cases').flatMap(
    ({ Action }) => Action as string | string[],
  );
  return { template, actions };
}

test('files of findings lie in a bucket of their own, which the function may only write to', () => {
  const { template, actions } = synthesized({ ocsf: true });
  template.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'leastwise-export-cases' });
  expect(actions).toContain('s3:PutObject');
  expect(actions.filter((action) => action.startsWith('securityhub:'))).toEqual([]);
});

test('Security Hub is told by the one call that it needs, as the account’s own product', () => {
  const { actions } = synthesized({ securityHub: true });
  expect(actions).toContain('securityhub:BatchImportFindings');
  expect(actions).not.toContain('s3:PutObject');
});

test('events of cases alone reach it', () => {
  synthesized({ ocsf: true }).template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { source: ['leastwise'], detail: { aggregate: { type: ['case'] } } },
  });
});
