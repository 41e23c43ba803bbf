import type { PrincipalRecord } from '../../identity/inventory.ts';
import type { PolicyChange } from '../pack.ts';
import type { Rightsizing } from '../rightsize.ts';
import { labels } from './labels.ts';

/** The new policies as a CloudFormation template; what goes stands in its metadata, since a template cannot say it. */
export function cloudFormationOf(judged: readonly Rightsizing[]): string {
  const labelOf = labels(/[^A-Za-z0-9]+/g, '');
  const resources: Record<string, object> = {};
  const goes: string[] = [];
  for (const each of judged) {
    if (each.status !== 'proposed') continue;
    for (const policy of each.policies) {
      if (policy.after === null) goes.push(goneOf(each.principal, policy));
      else resources[labelOf(`${each.principal.name} ${policy.name}`)] = resourceOf(each.principal, policy);
    }
  }
  const metadata = goes.length === 0 ? {} : { Metadata: { Leastwise: { Goes: goes } } };
  return JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', ...metadata, Resources: resources }, null, 2);
}

const goneOf = ({ type, name }: PrincipalRecord, policy: PolicyChange): string =>
  policy.kind === 'inline'
    ? `the inline policy ${policy.name} of the ${type} ${name} goes`
    : `${policy.arn} is detached from the ${type} ${name}`;

function resourceOf({ type, name }: PrincipalRecord, policy: PolicyChange): object {
  const PolicyDocument: unknown = JSON.parse(policy.after as string);
  const holder = type === 'role' ? 'Role' : 'User';
  if (policy.kind === 'inline') {
    const Properties = { PolicyName: policy.name, [`${holder}Name`]: name, PolicyDocument };
    return { Type: `AWS::IAM::${holder}Policy`, Properties };
  }
  const Path = /:policy(\/(?:.*\/)?)[^/]+$/s.exec(policy.arn ?? '')?.[1] ?? '/';
  // Who else holds a policy that is there already, its own template says.
  const attached = policy.before === null ? { [`${holder}s`]: [name] } : {};
  const Properties = { ManagedPolicyName: policy.name, Path, ...attached, PolicyDocument };
  return { Type: 'AWS::IAM::ManagedPolicy', Properties };
}
