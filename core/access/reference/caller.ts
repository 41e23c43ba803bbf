import { roleOfSession } from '../places.ts';
import type { Request } from '../situation.ts';

/** Who calls, as policies see it. */
export interface Caller {
  kind: 'user' | 'role' | 'federated-user' | 'root' | 'anonymous' | 'service' | 'saml' | 'web-identity';
  /** As it stands in the request. */
  principal: string;
  /** The account that its policies and its SCPs come from; null where it has none. */
  account: string | null;
  /** The role behind a session, the user behind a federated-user session: what is granted to it is granted to both. */
  behind: string | null;
  /** The end of the ARN: a user's name, a session's name. */
  name: string;
}

type Calling = Pick<Request, 'principal' | 'principalKind' | 'principalRoleArn' | 'federatingUserArn'>;

/** Reads who calls. A text that is no principal is nobody: an anonymous caller without any of its own. */
export function callerOf({ principal, principalKind, principalRoleArn, federatingUserArn }: Calling): Caller {
  const name = principal.slice(principal.lastIndexOf('/') + 1);
  if (principalKind) return { kind: principalKind, principal, account: null, behind: null, name };
  if (/^\d{12}$/.test(principal)) return { kind: 'root', principal, account: principal, behind: null, name: 'root' };
  const [, , service, , account, rest = ''] = principal.split(':');
  const session = roleOfSession(principal);
  if (account && session) {
    const partition = principal.split(':')[1];
    const behind = principalRoleArn ?? `arn:${partition}:iam::${session.account}:role/${session.role}`;
    return { kind: 'role', principal, account, behind, name };
  }
  if (account && service === 'iam' && rest.startsWith('role/')) {
    return { kind: 'role', principal, account, behind: principalRoleArn ?? principal, name: '' };
  }
  if (account && service === 'sts' && rest.startsWith('federated-user/')) {
    return { kind: 'federated-user', principal, account, behind: federatingUserArn, name };
  }
  if (account && service === 'iam' && rest.startsWith('user/')) {
    return { kind: 'user', principal, account, behind: null, name };
  }
  const provider = providers.get(rest.slice(0, rest.indexOf('/')));
  if (provider) return { kind: provider, principal, account: null, behind: null, name };
  if (account && rest === 'root') return { kind: 'root', principal, account, behind: null, name };
  if (principal.endsWith('.amazonaws.com')) return { kind: 'service', principal, account: null, behind: null, name };
  return { kind: 'anonymous', principal, account: null, behind: null, name };
}

const providers: ReadonlyMap<string, Caller['kind']> = new Map([
  ['saml-provider', 'saml'],
  ['oidc-provider', 'web-identity'],
]);

/** Whether the caller belongs to an account and so has policies of its own and stands under SCPs. */
export const isOfAccount = ({ account }: Caller): boolean => account !== null;

/** Roles that AWS services make for themselves: neither SCPs nor RCPs limit them. */
export const isServiceLinked = ({ kind, behind }: Caller): boolean =>
  kind === 'role' && behind !== null && /:role\/aws-service-role\//.test(behind);
