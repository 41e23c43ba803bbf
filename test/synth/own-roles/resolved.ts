import type { Inventory, PrincipalRecord } from '../../../core/identity/inventory.ts';
import { instantAt } from '../../../core/time.ts';
import { ofType, type Resource } from '../synth.ts';
import { rolesOf } from './template-roles.ts';

/** A template's value as CloudFormation would give it to this account; what only a deployment knows is a word. */
function resolved(value: unknown, account: string): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, account));
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (typeof fields.Ref === 'string') {
    const pseudo = { 'AWS::AccountId': account, 'AWS::Partition': 'aws', 'AWS::Region': 'eu-central-1' };
    return pseudo[fields.Ref as keyof typeof pseudo] ?? `arn:aws:known:eu-central-1:${account}:${fields.Ref}`;
  }
  if (Array.isArray(fields['Fn::GetAtt'])) return `arn:aws:known:eu-central-1:${account}:${fields['Fn::GetAtt'][0]}`;
  if (Array.isArray(fields['Fn::Join'])) {
    const [between, parts] = fields['Fn::Join'] as [string, unknown[]];
    return parts.map((part) => resolved(part, account)).join(between);
  }
  return Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, resolved(each, account)]));
}

/** The roles of a template that carry a name, as an account's inventory would hold them. */
export function principalsOf(resources: Record<string, Resource>, account: string): PrincipalRecord[] {
  const named = ofType(resources, 'AWS::IAM::Role').filter(([, { Properties }]) => Properties.RoleName);
  const statements = new Map(rolesOf(resources).map((role) => [role.name, role.statements]));
  return named.map(([, { Properties }]) => {
    const name = Properties.RoleName as string;
    const policy = { Version: '2012-10-17', Statement: resolved(statements.get(name) ?? [], account) };
    return principal(account, name, {
      trust: JSON.stringify(resolved(Properties.AssumeRolePolicyDocument, account)),
      policies: statements.get(name)?.length ? [JSON.stringify(policy)] : [],
    });
  });
}

/** A role of a test's own, or a user where it has no trust policy. */
export function principal(
  account: string,
  name: string,
  {
    trust = null,
    policies = [],
    tags = {},
  }: { trust?: string | null; policies?: string[]; tags?: Record<string, string> },
): PrincipalRecord {
  const type = trust === null ? 'user' : 'role';
  return {
    type,
    id: `${type === 'user' ? 'AIDA' : 'AROA'}${name.toUpperCase().replaceAll(/[^A-Z]/g, '')}${account}`,
    arn: `arn:aws:iam::${account}:${type}/${name}`,
    name,
    path: '/',
    createdAt: null,
    tags,
    trust,
    inline: policies.map((text, index) => ({ name: `p${index}`, arn: null, text })),
    attached: [],
    boundary: null,
    groups: [],
  };
}

export const inventoryOf = (account: string, principals: readonly PrincipalRecord[]): Inventory => ({
  v: 1,
  account,
  takenAt: instantAt(1_800_000_000),
  principals,
  groups: [],
  managed: new Map(),
});
