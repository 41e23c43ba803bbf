import { type CfnRule, type EventPattern, type IRuleTarget, Rule, type RuleProps } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { EventPattern as Pattern } from '../core/fast-lane/event-pattern.ts';

/** The role in every account that forwards events to the security account's bus. */
export const forwardingRole = 'leastwise-forward';
/** The bus in the security account's home region that every account forwards to. */
export const centralBus = 'leastwise-events';

/** One rule with one of the fast lane's patterns. */
export function fastLaneRule(
  scope: Construct,
  id: string,
  {
    pattern,
    target,
    ...props
  }: Omit<RuleProps, 'eventPattern' | 'targets'> & { pattern: Pattern; target: IRuleTarget },
): Rule {
  const { 'detail-type': detailType, ...rest } = pattern;
  const eventPattern = { ...rest, detailType } as unknown as EventPattern;
  const rule = new Rule(scope, id, { ...props, eventPattern, targets: [target] });
  // Without this state, calls that only read never arrive.
  (rule.node.defaultChild as CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  return rule;
}
