import type { UsageEvent } from '../../usage/event.ts';
import { accountNamedBy, isForeign } from './accounts.ts';
import { asObject, member, someValue, textOf } from './parameters.ts';
import { allowStatementsIn, awsPrincipalsOf } from './policy-documents.ts';
import type { SignalRule } from './rule.ts';

/** Members, in small letters, that name whom something is shared with, outside of policy documents. */
const granted = new Set(['principal', 'granteeprincipal', 'valuestoadd', 'accountids', 'awsaccountids']);
/** Those that hold what is added and what is removed beside each other. */
const permissions = new Set(['createvolumepermission', 'launchpermission']);

/**
 * Somebody outside the account is let in: a trust or resource policy, a permission, a grant, or a snapshot or image
 * shared with another account.
 */
export const externalAccount: SignalRule = {
  kind: 'external-account',
  matches: (event) => letsIn(event, () => true),
};

/** Whether the call lets in some account that is neither the event's nor the caller's, and that `counts`. */
export function letsIn(event: UsageEvent, counts: (account: string) => boolean): boolean {
  const isOutside = (value: unknown) =>
    typeof value === 'string' && isForeign(event, value) && counts(accountNamedBy(value)!);
  return (
    isSharedWith(event.requestParameters, isOutside) ||
    allowStatementsIn(event.requestParameters).some((statement) => awsPrincipalsOf(statement).some(isOutside))
  );
}

function isSharedWith(parameters: unknown, isOutside: (value: unknown) => boolean): boolean {
  const object = asObject(parameters);
  for (const key in object) {
    const name = key.toLowerCase();
    if (granted.has(name) && someValue(object[key], isOutside)) return true;
    if (permissions.has(name) && someValue(member(object[key], 'add'), (value) => isOutside(textOf(value, 'userId')))) {
      return true;
    }
  }
  return false;
}
