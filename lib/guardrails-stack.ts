import {
  BootstraplessSynthesizer,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  Fn,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import { CfnPolicy, CfnResourcePolicy } from 'aws-cdk-lib/aws-organizations';
import type { Construct } from 'constructs';
import type { Configuration } from '../core/configuration.ts';
import { containedPolicy, delegationOf, type ServiceControlPolicy, standingPolicy } from './guardrails.ts';

/**
 * What a management account may adopt: the standing SCPs, attached where the parameter `Targets` says, and the delegation that lets `contain` change one of them.
 */
export class GuardrailsStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { configuration, ...props }: StackProps & { configuration: Configuration },
  ) {
    super(scope, id, { ...props, synthesizer: new BootstraplessSynthesizer() });
    const targets = new CfnParameter(this, 'Targets', {
      type: 'CommaDelimitedList',
      description: 'Roots, organizational units or accounts that the policies are attached to',
    });
    const policy = (name: string, description: string, content: ServiceControlPolicy) => {
      return new CfnPolicy(this, name, {
        name: `leastwise-${name.toLowerCase()}`,
        description: `Leastwise: ${description}`,
        type: 'SERVICE_CONTROL_POLICY',
        content,
        targetIds: targets.valueAsList,
      });
    };
    policy(
      'Standing',
      'nobody but who deploys them touches our roles, our Deny and the trail',
      standingPolicy(configuration),
    );
    const contained = policy('Contained', 'denies everything to contained users of Identity Center', containedPolicy);
    this.delegate(delegationOf(configuration, contained.attrArn));
  }

  /** An organization has one resource policy at most: where there is one, the statement is merged into it by hand. */
  private delegate(delegation: object): void {
    const wanted = new CfnParameter(this, 'Delegate', {
      allowedValues: ['yes', 'no'],
      default: 'no',
      description: 'yes: make this the resource policy of the organization; only where it has none',
    });
    const isWanted = new CfnCondition(this, 'IsDelegated', {
      expression: Fn.conditionEquals(wanted.valueAsString, 'yes'),
    });
    const made = new CfnResourcePolicy(this, 'Delegation', { content: delegation });
    made.cfnOptions.condition = isWanted;
    new CfnOutput(this, 'DelegationStatement', {
      value: this.toJsonString(delegation),
      description: 'The statement that lets contain work, to merge where the organization has a resource policy',
    });
  }
}
