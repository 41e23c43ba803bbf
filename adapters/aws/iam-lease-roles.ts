import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { parseIamArn } from '../../core/identity/iam-arn.ts';
import { leaseRoleOf, leaseRolePath, leaseRolePolicy, leaseRoleText } from '../../core/leases/role.ts';
import { documentOf, orNull } from './iam-absence.ts';

/** The role with its trust, boundary and policy as one text; null where there is none. What is half made reads as such. */
export async function readLeaseRole(iam: IAMClient, arn: string): Promise<string | null> {
  const RoleName = nameOf(arn);
  const answer = await orNull(iam.send(new GetRoleCommand({ RoleName })));
  if (answer === null) return null;
  const policy = await orNull(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: leaseRolePolicy })));
  return leaseRoleText({
    boundary: answer.Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? '',
    policy: policy === null ? '' : documentOf(policy.PolicyDocument, `the policy of ${arn}`),
    trust: documentOf(answer.Role?.AssumeRolePolicyDocument, `the trust of ${arn}`),
  });
}

/** Makes the role and then its policy, or removes both. A role that stands there with another trust stays as it is. */
export async function writeLeaseRole(iam: IAMClient, arn: string, text: string | null): Promise<void> {
  const RoleName = nameOf(arn);
  if (text === null) {
    await orNull(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: leaseRolePolicy })));
    await orNull(iam.send(new DeleteRoleCommand({ RoleName })));
    return;
  }
  const role = leaseRoleOf(text);
  if (role === undefined) throw new Error(`${text} describes no role for a lease`);
  if ((await orNull(iam.send(new GetRoleCommand({ RoleName })))) === null) {
    await iam.send(
      new CreateRoleCommand({
        RoleName,
        Path: leaseRolePath,
        AssumeRolePolicyDocument: role.trust,
        PermissionsBoundary: role.boundary,
        MaxSessionDuration: 3600,
        Description: 'Leastwise: made for one lease, and removed with it',
      }),
    );
  }
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: leaseRolePolicy, PolicyDocument: role.policy }));
}

/** Throws where it is no role under our own path: nothing else is made or removed here. */
function nameOf(arn: string): string {
  const parsed = parseIamArn(arn);
  if (parsed?.type !== 'role' || parsed.path !== leaseRolePath) throw new Error(`${arn} is no role for a lease`);
  return parsed.name;
}
