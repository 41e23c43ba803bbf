import { CfnCondition, Fn, type Stack, Token } from 'aws-cdk-lib';
import { type CfnPolicy, type CfnRole, Effect, Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { assignmentActions } from '../core/changes/lending-set.ts';
import { type Configuration, deploymentOf } from '../core/configuration.ts';
import { assignRole } from '../core/leases/assignment.ts';
import { acknowledgeWildcards } from './allow.ts';
import { memberRoles } from './member-roles.ts';

/** As many account ARNs fit into a role's policies beside the rest. */
const mostListed = 100;

/** What a role that assigns permission sets may touch: the one instance, the reserved sets, and the accounts that are lent in. */
function assignableIn(configuration: Configuration): string[] {
  const { identityCenter, managementAccount } = deploymentOf(configuration);
  if (identityCenter === null) return [];
  const accounts = configuration.accounts.map(({ id }) => id).filter((id) => id !== managementAccount);
  return [
    identityCenter.instance,
    ...identityCenter.permissionSets,
    ...(accounts.length > mostListed ? ['*'] : accounts).map((id) => `arn:aws:sso:::account/${id}`),
  ];
}

/** Where all accounts are meant by a wildcard, the one in which nothing is assigned has to be named. */
function neverInManagement(configuration: Configuration, resources: readonly string[]): PolicyStatement[] {
  const { managementAccount } = deploymentOf(configuration);
  if (managementAccount === null || !resources.some((resource) => resource.endsWith('*'))) return [];
  return [
    new PolicyStatement({
      sid: 'NeverInManagement',
      effect: Effect.DENY,
      actions: ['sso:CreateAccountAssignment'],
      resources: [`arn:aws:sso:::account/${managementAccount}`],
    }),
  ];
}

/**
 * Where Identity Center is administered, and in no other account of the same template: the role that assigns reserved
 * permission sets and takes them away, and for the role that reads, what it needs to look whether they are gone.
 */
export function makeAssignRole(
  stack: Stack,
  configuration: Configuration,
  trusted: (id: string, name: string, executedBy: string) => Role,
  scan: Role,
): void {
  const { identityCenter } = deploymentOf(configuration);
  if (identityCenter === null) return;
  const isToken = Token.isUnresolved(stack.account);
  if (!isToken && stack.account !== identityCenter.administrator) return;
  const resources = assignableIn(configuration);
  const role = trusted('Assign', assignRole, memberRoles.lending.executedBy);
  const policies = [
    new Policy(stack, 'AssignReservedSets', {
      roles: [role],
      statements: [
        new PolicyStatement({ sid: 'Assign', actions: [...assignmentActions], resources }),
        ...neverInManagement(configuration, resources),
      ],
    }),
    new Policy(stack, 'ReadReservedSets', {
      roles: [scan],
      statements: [new PolicyStatement({ sid: 'ReadAssignments', actions: ['sso:ListAccountAssignments'], resources })],
    }),
  ];
  for (const each of [role, scan]) acknowledgeWildcards(each, resources, 'So many accounts do not fit into a policy.');
  if (!isToken) return;
  const condition = new CfnCondition(stack, 'AdministersIdentityCenter', {
    expression: Fn.conditionEquals(stack.account, identityCenter.administrator),
  });
  (role.node.defaultChild as CfnRole).cfnOptions.condition = condition;
  for (const policy of policies) (policy.node.defaultChild as CfnPolicy).cfnOptions.condition = condition;
}
