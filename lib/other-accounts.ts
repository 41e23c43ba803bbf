import type { App } from 'aws-cdk-lib';
import { type Configuration, deploymentOf, fastLaneRegions } from '../core/configuration.ts';
import { GuardrailsStack } from './guardrails-stack.ts';
import { MemberRegionStack } from './member-region-stack.ts';
import { MemberStack } from './member-stack.ts';

/**
 * Stacks of every account but the security account: what StackSets put into the member accounts, to be deployed by hand
 * where there are none; the same for the management account, which StackSets skip; and what it may adopt.
 */
export function otherAccounts(app: App, configuration: Configuration): void {
  new MemberStack(app, 'LeastwiseMember', { description: 'Leastwise: what every account gets', configuration });
  for (const lane of ['whole', 'sign-ins'] as const) {
    new MemberRegionStack(app, lane === 'whole' ? 'LeastwiseMemberRegion' : 'LeastwiseMemberSignIns', {
      description: `Leastwise: what a region of an account gets (${lane})`,
      configuration,
      lane,
    });
  }
  const { managementAccount } = deploymentOf(configuration);
  if (managementAccount !== null) management(app, configuration, managementAccount);
  new GuardrailsStack(app, 'LeastwiseGuardrails', {
    description: 'Leastwise: service control policies that the management account may adopt',
    ...(managementAccount !== null && { env: { account: managementAccount, region: 'us-east-1' } }),
    configuration,
  });
}

function management(app: App, configuration: Configuration, account: string): void {
  const description = 'Leastwise: what the management account gets';
  const roles = new MemberStack(app, 'LeastwiseManagement', {
    description,
    env: { account, region: configuration.homeRegion },
    configuration,
    isManagement: true,
  });
  const { whole, signIns } = fastLaneRegions(configuration);
  for (const [lane, regions] of [['whole', whole] as const, ['sign-ins', signIns] as const]) {
    for (const region of regions) {
      const props = { description, env: { account, region }, configuration, lane };
      new MemberRegionStack(app, `LeastwiseManagement-${region}`, props).addStackDependency(roles);
    }
  }
}
