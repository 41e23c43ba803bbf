import type { Plan } from '../../../core/changes/change.ts';
import { riskOf } from '../../../core/changes/risk.ts';
import { lendingPlan, quarantinePlan, rightsizingPlan } from '../../adapters/slack/samples.ts';

const lending = (actions: string[], resources = ['arn:aws:s3:::logs/*']): Plan => ({
  ...lendingPlan,
  terms: { kind: 'lending', actions, resources, duration: 3600, reason: 'a test' },
});

test.each([
  ['cutting somebody off', quarantinePlan, 'planned', 'medium'],
  ['lifting that', quarantinePlan, 'undo-planned', 'high'],
  ['removing what is unused', rightsizingPlan, 'planned', 'low'],
  ['putting it back', rightsizingPlan, 'undo-planned', 'medium'],
  ['lending what only looks', lending(['ec2:DescribeInstances', 'sqs:GetQueueAttributes']), 'planned', 'low'],
  ['lending a change of one thing', lending(['ecs:UpdateService']), 'planned', 'medium'],
  ['lending a change of everything', lending(['ecs:UpdateService'], ['*']), 'planned', 'high'],
  ['lending secrets', lending(['secretsmanager:GetSecretValue']), 'planned', 'high'],
  ['one such action among others', lending(['ec2:DescribeInstances', 'cloudtrail:StopLogging']), 'planned', 'high'],
  ['lending what the catalogue does not know', lending(['new:Thing']), 'planned', 'medium'],
] as const)('the risk of %s is %4$s', (_, plan, state, risk) => {
  expect(riskOf({ plan, state })).toBe(risk);
});
