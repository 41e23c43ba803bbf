import { parseIamArn } from '../identity/iam-arn.ts';
import type { Inventory, PrincipalRecord } from '../identity/inventory.ts';
import type { ActorId } from '../identity/principal.ts';
import { fail, ok, type Result } from '../result.ts';

/** What STS answers to `GetCallerIdentity`. */
export interface CallerIdentity {
  account: string;
  arn: string;
  userId: string;
}

/**
 * Whose session it was. `identity-center`: the user is still to be looked up by name; `confirming`: an IAM user with a
 * second factor, by way of the role that is there for that alone.
 */
export type Signer =
  | { kind: 'user' | 'confirming'; account: string; arn: string; actor: ActorId }
  | { kind: 'identity-center'; account: string; arn: string; userName: string };

export type SignerRefusal = 'foreign-account' | 'not-in-the-inventory' | 'not-a-person';

/** The role that an IAM user assumes with a second factor in order to confirm; it has no permissions. */
export const confirmRole = 'leastwise-confirm';

const reserved = '/aws-reserved/sso.amazonaws.com/';
const userId = /^AIDA[A-Z0-9]{12,28}$/;
const sessionId = /^(AROA[A-Z0-9]{12,28}):([\w+=,.@-]{2,64})$/;

/**
 * Reads the answer against the account's inventory. Session names are chosen by whoever assumes a role, and so are the
 * names of roles: only the role's unique id tells that Identity Center made it, under a path where nobody else can.
 */
export function signerOf(answer: CallerIdentity, inventory: Inventory | undefined): Result<Signer, SignerRefusal> {
  const { account, arn } = answer;
  if (inventory === undefined) return fail('foreign-account');
  if (inventory.account !== account || arn.split(':')[4] !== account) return fail('foreign-account');
  if (userId.test(answer.userId)) {
    const user = inventory.principals.find(({ type, id }) => type === 'user' && id === answer.userId);
    if (user === undefined || user.arn !== arn) return fail('not-in-the-inventory');
    return ok({ kind: 'user', account, arn, actor: arn as ActorId });
  }
  const [, roleId, session] = sessionId.exec(answer.userId) ?? [];
  if (roleId === undefined || session === undefined) return fail('not-a-person');
  if (!arn.includes(':assumed-role/') || !arn.endsWith(`/${session}`)) return fail('not-a-person');
  const role = inventory.principals.find(({ type, id }) => type === 'role' && id === roleId);
  if (role === undefined) return fail('not-in-the-inventory');
  return sessionOf(role, session, inventory);
}

function sessionOf(role: PrincipalRecord, session: string, inventory: Inventory): Result<Signer, SignerRefusal> {
  const { account } = inventory;
  if (parseIamArn(role.arn)?.path.startsWith(reserved) === true)
    return ok({ kind: 'identity-center', account, arn: role.arn, userName: session });
  if (role.arn !== `arn:aws:iam::${account}:role/${confirmRole}`) return fail('not-a-person');
  // The role's trust lets nobody choose: the session's name is the user's.
  const user = inventory.principals.find(({ type, name }) => type === 'user' && name === session);
  if (user === undefined) return fail('not-in-the-inventory');
  return ok({ kind: 'confirming', account, arn: user.arn, actor: user.arn as ActorId });
}

/** A user of Identity Center, as the identity store knows it. */
export interface StoreUser {
  /** ARN of the identity store. */
  store: string;
  id: string;
}

/** Both names under which the ledger knows such a user: by the store where the call says so, else by the session. */
export const actorsOfStoreUser = ({ store, id }: StoreUser, userName: string): readonly ActorId[] =>
  [`federated:${store}/${id}`, `federated:AWSReservedSSO/${userName}`] as ActorId[];
