import type { Instant } from '../../core/time.ts';
import { identityStore } from './accounts.ts';
import type { Call } from './calls.ts';
import { randomOf } from './random.ts';
import { accessKeyOf, type IdentityRef, storeUserOf, type World } from './world.ts';

/** Who calls, from where and with what: everything in a record that does not depend on the call. */
export interface Session {
  userIdentity: Record<string, unknown>;
  account: string;
  address: string;
  agent: string;
  accessKeyId: string | null;
}

/** A session of a role: credentials with an end, named by whoever assumed it. */
export function roleSession(
  world: World,
  role: IdentityRef,
  at: { name: string; since: Instant; address: string; agent: string; mfa?: boolean; person?: string },
): Session {
  const accessKeyId = `ASIA${randomOf(world.seed, 'session', role.arn, at.name, at.since).letters(16)}`;
  const behalf = at.person && {
    onBehalfOf: { userId: storeUserOf(world, at.person), identityStoreArn: identityStore },
  };
  const userIdentity = {
    type: 'AssumedRole',
    principalId: `${role.id}:${at.name}`,
    arn: `arn:aws:sts::${role.account}:assumed-role/${role.name}/${at.name}`,
    accountId: role.account,
    accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: role.id,
        arn: role.arn,
        accountId: role.account,
        userName: role.name,
      },
      attributes: { creationDate: at.since, mfaAuthenticated: at.mfa ? 'true' : 'false' },
    },
    ...behalf,
  };
  return { userIdentity, account: role.account, address: at.address, agent: at.agent, accessKeyId };
}

/** A user with the long-lived key. */
export function userSession(world: World, user: IdentityRef, address: string, agent: string): Session {
  const accessKeyId = accessKeyOf(world, user);
  const userIdentity = {
    type: 'IAMUser',
    principalId: user.id,
    arn: user.arn,
    accountId: user.account,
    accessKeyId,
    userName: user.name,
  };
  return { userIdentity, account: user.account, address, agent, accessKeyId };
}

/** An AWS service acting for itself. */
export const serviceSession = (account: string, service: string): Session => ({
  userIdentity: { type: 'AWSService', invokedBy: service },
  account,
  address: service,
  agent: service,
  accessKeyId: null,
});

/** The same session, its call forwarded by a service. */
export const forwardedBy = (session: Session, service: string): Session => ({
  ...session,
  userIdentity: { ...session.userIdentity, invokedBy: service },
  address: service,
  agent: service,
});

/** sts:AssumeRole* with the credentials that it handed out: the edge from the caller to the new session. */
export function assumeRoleCall(
  kind: 'AssumeRole' | 'AssumeRoleWithSAML' | 'AssumeRoleWithWebIdentity',
  role: IdentityRef,
  issued: Session,
  name: string,
): Call & { region: string } {
  return {
    source: 'sts.amazonaws.com',
    name: kind,
    readOnly: true,
    region: 'eu-central-1',
    requestParameters: { roleArn: role.arn, roleSessionName: name, durationSeconds: 3600 },
    responseElements: {
      credentials: { accessKeyId: issued.accessKeyId, sessionToken: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      assumedRoleUser: { assumedRoleId: `${role.id}:${name}`, arn: issued.userIdentity.arn },
    },
    resources: [{ accountId: role.account, type: 'AWS::IAM::Role', ARN: role.arn }],
  };
}
