import {
  CreateRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { policyTextOf } from '../../core/policy/text.ts';
import { clientsFor, iamOf } from './clients.ts';
import { members } from './organization.ts';

/**
 * CloudFormation makes the roles of the member stack in MiniStack, while IAM and STS are asked at moto: so moto gets the
 * same roles, with the trust and the policies that were deployed.
 */
export async function carryRolesOver(ministack: string, moto: string): Promise<void> {
  for (const account of Object.values(members))
    await carry(clientsFor(ministack, account).iam, await iamOf(moto, account));
}

async function carry(from: IAMClient, to: IAMClient): Promise<void> {
  const { Roles = [] } = await from.send(new ListRolesCommand({}));
  for (const { RoleName, AssumeRolePolicyDocument, MaxSessionDuration } of Roles) {
    if (!RoleName?.startsWith('leastwise-')) continue;
    const trust = textOf(AssumeRolePolicyDocument, RoleName);
    await to.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, MaxSessionDuration }));
    const { PolicyNames = [] } = await from.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument } = await from.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      const text = textOf(PolicyDocument, PolicyName);
      await to.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: text }));
    }
  }
}

function textOf(document: string | undefined, of: string): string {
  const text = policyTextOf(document);
  if (text === undefined) throw new Error(`no readable document of ${of}`);
  return text;
}
