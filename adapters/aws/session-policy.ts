import type { Slot } from '../../core/changes/change.ts';
import { parseIamArn } from '../../core/identity/iam-arn.ts';

/** What a session may do at most: exactly these actions on exactly this entity, whatever its role allows. */
export interface SessionPolicy {
  actions: readonly string[];
  resource: string;
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
      return { actions: managedActions, resource: slot.policy };
    case 'access-key':
      return { actions: ['iam:ListAccessKeys', 'iam:UpdateAccessKey'], resource: slot.user };
  }
}

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
export const sessionPolicyText = ({ actions, resource }: SessionPolicy): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }] });
