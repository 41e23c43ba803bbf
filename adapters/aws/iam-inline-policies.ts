import {
  DeleteGroupPolicyCommand,
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  GetGroupPolicyCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  type IAMClient,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { documentOf, orNull } from './iam-absence.ts';
import { inlineHolderOf } from './session-policy.ts';

/** The inline policy's text; null where it, or the principal, does not exist. */
export async function readInline(iam: IAMClient, principal: string, PolicyName: string): Promise<string | null> {
  const answer = await orNull(get(iam, principal, PolicyName));
  return answer === null ? null : documentOf(answer.PolicyDocument, `${PolicyName} of ${principal}`);
}

/** Creates the inline policy, or replaces it. */
export async function writeInline(iam: IAMClient, principal: string, PolicyName: string, PolicyDocument: string) {
  const { type, name } = inlineHolderOf(principal);
  const policy = { PolicyName, PolicyDocument };
  if (type === 'user') await iam.send(new PutUserPolicyCommand({ UserName: name, ...policy }));
  else if (type === 'role') await iam.send(new PutRolePolicyCommand({ RoleName: name, ...policy }));
  else await iam.send(new PutGroupPolicyCommand({ GroupName: name, ...policy }));
}

/** Removes the inline policy; removing one that does not exist is no error. */
export async function deleteInline(iam: IAMClient, principal: string, PolicyName: string): Promise<void> {
  const { type, name } = inlineHolderOf(principal);
  if (type === 'user') await orNull(iam.send(new DeleteUserPolicyCommand({ UserName: name, PolicyName })));
  else if (type === 'role') await orNull(iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName })));
  else await orNull(iam.send(new DeleteGroupPolicyCommand({ GroupName: name, PolicyName })));
}

function get(iam: IAMClient, principal: string, PolicyName: string): Promise<{ PolicyDocument: string | undefined }> {
  const { type, name } = inlineHolderOf(principal);
  if (type === 'user') return iam.send(new GetUserPolicyCommand({ UserName: name, PolicyName }));
  if (type === 'role') return iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName }));
  return iam.send(new GetGroupPolicyCommand({ GroupName: name, PolicyName }));
}
