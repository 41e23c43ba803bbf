import type { Slot } from '../../core/changes/change.ts';
import { assignmentActions } from '../../core/changes/lending-set.ts';
import { ownPolicyOf } from '../../core/changes/own-policies.ts';
import { parseIamArn } from '../../core/identity/iam-arn.ts';

/** What a session may do at most: exactly these actions on exactly this entity, whatever its role allows. */
export interface SessionPolicy {
  actions: readonly string[];
  /** An assignment is of several. */
  resource: string | readonly string[];
  condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What reading and writing the slot takes, on the one principal or policy that it belongs to. */
export function sessionPolicyFor(slot: Slot): SessionPolicy {
  switch (slot.type) {
    case 'inline-policy': {
      const kind = { user: 'User', role: 'Role', group: 'Group' }[inlineHolderOf(slot.principal).type];
      return {
        actions: [`iam:Get${kind}Policy`, `iam:Put${kind}Policy`, `iam:Delete${kind}Policy`],
        resource: slot.principal,
      };
    }
    case 'managed-policy':
      return {
        actions: ownPolicyOf(slot.policy)
          ? [...managedActions, 'iam:CreatePolicy', 'iam:DeletePolicy']
          : managedActions,
        resource: slot.policy,
      };
    case 'attachment':
      return attachmentSession(slot.principal, slot.policy);
    case 'lease-role':
      return { actions: leaseRoleActions, resource: slot.role };
    case 'account-assignment':
      return {
        actions: assignmentActions,
        resource: [slot.instance, slot.permissionSet, `arn:aws:sso:::account/${slot.account}`],
      };
    case 'access-key':
      return { actions: ['iam:ListAccessKeys', 'iam:UpdateAccessKey'], resource: slot.user };
  }
}

/** This one policy, to this one principal and from it. Asking what is attached names no policy. */
function attachmentSession(principal: string, policy: string): SessionPolicy {
  const { type } = inlineHolderOf(principal);
  const { kind, many } = {
    user: { kind: 'User', many: 'ListAttachedUserPolicies' },
    role: { kind: 'Role', many: 'ListAttachedRolePolicies' },
    group: { kind: 'Group', many: 'ListAttachedGroupPolicies' },
  }[type];
  return {
    actions: [`iam:${many}`, `iam:Attach${kind}Policy`, `iam:Detach${kind}Policy`],
    resource: principal,
    condition: { ArnEqualsIfExists: { 'iam:PolicyARN': policy } },
  };
}

const leaseRoleActions = [
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:CreateRole',
  'iam:PutRolePolicy',
  'iam:DeleteRolePolicy',
  'iam:DeleteRole',
];

const managedActions = [
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:ListPolicyVersions',
  'iam:CreatePolicyVersion',
  'iam:DeletePolicyVersion',
  'iam:SetDefaultPolicyVersion',
];

/** The user, role or group that an inline policy belongs to. Throws where the ARN is another's. */
export function inlineHolderOf(arn: string): { type: 'user' | 'role' | 'group'; name: string } {
  const parsed = parseIamArn(arn);
  if (!parsed || parsed.type === 'policy') throw new Error(`${arn} is no user, role or group`);
  return { type: parsed.type, name: parsed.name };
}

/** As AssumeRole takes it: JSON, 2,048 characters at most. */
export const sessionPolicyText = ({ actions, resource, condition }: SessionPolicy): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: actions, Resource: resource, ...(condition ? { Condition: condition } : {}) },
    ],
  });
