import { parseOrganization } from '../../../adapters/files/organization.ts';
import { parseResourcePolicies } from '../../../adapters/files/resource-policies.ts';
import { type Organization, type Question, questionAbout } from '../../../core/access/organization.ts';
import { parseAuthorizationDetails } from '../../../core/identity/authorization-details.ts';
import { instantAt } from '../../../core/time.ts';

export const home = '111122223333';
export const away = '444455556666';

export const allow = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
export const deny = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) => ({
  ...allow(Action, Resource, more),
  Effect: 'Deny',
});
export const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const inline = (documents: Record<string, object>) =>
  Object.entries(documents).map(([PolicyName, PolicyDocument]) => ({ PolicyName, PolicyDocument }));

export const user = (UserName: string, documents: Record<string, object> = {}, more: object = {}) => ({
  UserName,
  UserId: `AIDA${UserName.toUpperCase()}0000000000`,
  Arn: `arn:aws:iam::${home}:user/${UserName}`,
  UserPolicyList: inline(documents),
  ...more,
});
export const role = (RoleName: string, trust: object, documents: Record<string, object> = {}, more: object = {}) => ({
  RoleName,
  RoleId: `AROA${RoleName.toUpperCase()}0000000000`,
  Arn: `arn:aws:iam::${home}:role/${RoleName}`,
  AssumeRolePolicyDocument: trust,
  RolePolicyList: inline(documents),
  ...more,
});

/** An organization from what the command line reads; throws where a file would be refused. */
export function organizationFrom(parts: { details: object; tree?: object; resources?: object[] }): Organization {
  const { inventories, problems } = parseAuthorizationDetails([parts.details], instantAt(1_800_000_000));
  const tree = parts.tree ? parseOrganization(parts.tree) : null;
  const resources = parseResourcePolicies({ v: 1, resources: parts.resources ?? [] });
  if (problems.length > 0 || (tree && !tree.ok) || !resources.ok)
    throw new Error(JSON.stringify([problems, tree, resources]));
  return { inventories, tree: tree?.ok ? tree.value : null, resources: resources.value };
}

export const ask = (principal: string, action: string, resource: string, more: Partial<Question> = {}): Question => ({
  ...questionAbout(principal, action, resource),
  resourceAccount: resource.startsWith('arn:aws:s3') || resource === '*' ? home : null,
  ...more,
});
