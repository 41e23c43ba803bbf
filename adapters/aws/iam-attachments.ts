import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  type IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { orNull } from './iam-absence.ts';
import { inlineHolderOf } from './session-policy.ts';

/** `attached`, or null where it is not, or there is no such principal. */
export async function readAttachment(iam: IAMClient, principal: string, policy: string): Promise<string | null> {
  let Marker: string | undefined;
  do {
    const page = await orNull(list(iam, principal, Marker));
    if (page === null) return null;
    if (page.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === policy)) return 'attached';
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker !== undefined);
  return null;
}

/** Attaches the policy, or detaches it; detaching what is not attached is no error. */
export async function writeAttachment(iam: IAMClient, principal: string, policy: string, value: string | null) {
  if (value === null) await orNull(detach(iam, principal, policy));
  else if (value === 'attached') await attach(iam, principal, policy);
  else throw new Error('a policy is attached or it is not');
}

function list(iam: IAMClient, principal: string, Marker: string | undefined) {
  const { type, name } = inlineHolderOf(principal);
  if (type === 'user') return iam.send(new ListAttachedUserPoliciesCommand({ UserName: name, Marker }));
  if (type === 'role') return iam.send(new ListAttachedRolePoliciesCommand({ RoleName: name, Marker }));
  return iam.send(new ListAttachedGroupPoliciesCommand({ GroupName: name, Marker }));
}

function attach(iam: IAMClient, principal: string, PolicyArn: string): Promise<unknown> {
  const { type, name } = inlineHolderOf(principal);
  if (type === 'user') return iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn }));
  if (type === 'role') return iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }));
  return iam.send(new AttachGroupPolicyCommand({ GroupName: name, PolicyArn }));
}

function detach(iam: IAMClient, principal: string, PolicyArn: string): Promise<unknown> {
  const { type, name } = inlineHolderOf(principal);
  if (type === 'user') return iam.send(new DetachUserPolicyCommand({ UserName: name, PolicyArn }));
  if (type === 'role') return iam.send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn }));
  return iam.send(new DetachGroupPolicyCommand({ GroupName: name, PolicyArn }));
}
