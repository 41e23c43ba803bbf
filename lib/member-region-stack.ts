import { BootstraplessSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type Configuration, deploymentOf } from '../core/configuration.ts';
import { fastLanePatterns, signInPatterns } from '../core/fast-lane/patterns.ts';
import { centralBus, fastLaneRule, forwardingRole } from './fast-lane.ts';

export interface MemberRegionStackProps extends StackProps {
  configuration: Configuration;
  /** `whole` where the organization works; `sign-ins` where it does not, since any region's endpoint signs people in. */
  lane: 'whole' | 'sign-ins';
}

/**
 * What every region of every account gets: the fast lane's rules, straight to the home region of the security account.
 * EventBridge forwards an event across accounts once, so there is no stop on the way. MemberStack brings the role.
 */
export class MemberRegionStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, lane, ...props }: MemberRegionStackProps) {
    super(scope, id, { ...props, synthesizer: new BootstraplessSynthesizer() });
    const { homeRegion, securityAccount } = configuration;
    const arn = `arn:aws:events:${homeRegion}:${securityAccount}:event-bus/${centralBus}`;
    const bus = EventBus.fromEventBusArn(this, 'CentralBus', arn);
    const role = Role.fromRoleName(this, 'Forward', forwardingRole, { mutable: false });
    const target = new BusTarget(bus, { role });
    const patterns = lane === 'whole' ? fastLanePatterns(deploymentOf(configuration).fastLane) : signInPatterns;
    for (const [index, pattern] of patterns.entries()) {
      fastLaneRule(this, `FastLane${index + 1}`, {
        ruleName: `leastwise-fast-lane-${index + 1}`,
        description: 'Leastwise: what must be known at once',
        pattern,
        target,
      });
    }
  }
}
