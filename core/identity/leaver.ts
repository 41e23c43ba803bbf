import { objectOf, textOf } from '../untrusted.ts';

/** A user of Identity Center who was deleted or disabled. */
export interface Leaver {
  /** Id in the identity store. */
  user: string;
  /** Id of the identity store; null: the event does not say, as those of SCIM do not. */
  store: string | null;
}

/** Who tells of users: the console, the API, and what an identity provider provisions by SCIM. */
export const leaverSources = [
  'sso-directory.amazonaws.com',
  'identitystore.amazonaws.com',
  'identitystore-scim.amazonaws.com',
] as const;

/** Calls by which somebody may leave. Those that change a user count where they take away `active`. */
export const leaverCalls = ['DeleteUser', 'DisableUser', 'UpdateUser', 'PatchUser', 'PutUser'] as const;

/**
 * Whom a CloudTrail record says to be gone; undefined where it says nothing of the kind. CloudTrail hides values of users:
 * where it hides what `active` became and the answer does not tell, that counts as gone, since ending access can be made good.
 */
export function leaverIn(record: unknown): Leaver | undefined {
  const fields = objectOf(record);
  const [source, call] = [textOf(fields?.eventSource), textOf(fields?.eventName)];
  if (fields === null || fields.errorCode !== undefined || source === null || call === null) return undefined;
  if (!isOne(leaverSources, source) || !isOne(leaverCalls, call)) return undefined;
  const asked = objectOf(fields.requestParameters);
  const user = textOf(asked?.userId) ?? textOf(asked?.id);
  if (asked === null || user === null) return undefined;
  const isGone =
    call === 'DeleteUser' || call === 'DisableUser' || isDeactivated(asked, objectOf(fields.responseElements));
  return isGone ? { user, store: textOf(asked.identityStoreId) } : undefined;
}

const isOne = (list: readonly string[], value: string): boolean => list.includes(value);

type Fields = Readonly<Record<string, unknown>>;

function isDeactivated(asked: Fields, answered: Fields | null): boolean {
  if (typeof answered?.active === 'boolean') return !answered.active;
  const body = objectOf(asked.httpBody);
  if (body !== null && 'active' in body) return body.active !== true;
  return [asked.operations, body?.operations, body?.Operations].some(
    (operations) => Array.isArray(operations) && operations.some(takesActive),
  );
}

/** One operation on a user: `active`, or the whole user with `active` in it, set to anything but true. */
function takesActive(operation: unknown): boolean {
  const fields = objectOf(operation);
  const path = textOf(fields?.attributePath) ?? textOf(fields?.path);
  const value = fields?.attributeValue ?? fields?.value;
  if (path?.toLowerCase() === 'active') return !(value === true || value === 'true' || value === 'True');
  const whole = path === null ? objectOf(value) : null;
  return whole !== null && 'active' in whole && whole.active !== true;
}

/** Whether an actor is this user: the store is part of its ARN where the event names one. */
export const isLeaver = ({ user, store }: Leaver, actor: string): boolean =>
  actor.startsWith('federated:') &&
  actor.endsWith(`/${user}`) &&
  (store === null || actor.endsWith(`:identitystore/${store}/${user}`));
