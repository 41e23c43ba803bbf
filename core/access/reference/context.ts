import type { Filled } from '../../policy/variables.ts';
import { type Facts, untoldPrefix } from '../residual/facts.ts';
import type { Request } from '../situation.ts';
import type { Caller } from './caller.ts';

/** Unknown in every request that does not say. */
export const oftenUnsaid = ['aws:currenttime', 'aws:securetransport'];

/** What the request's context holds: what is given, and above it what follows from who calls and who owns. */
export function factsOf(request: Request, caller: Caller): Facts {
  const derived = derivedOf(request, caller);
  const isUnknown = (key: string): boolean => {
    if (key.startsWith(untoldPrefix)) return true;
    const own = derived.get(key);
    if (own !== undefined) return own === 'unknown';
    if (request.context.has(key)) return false;
    return request.unknown === 'all' || request.unknown.has(key) || oftenUnsaid.includes(key);
  };
  return {
    isKnown: (key) => !isUnknown(key),
    valuesOf: (key) => {
      const value = derived.get(key) ?? request.context.get(key) ?? [];
      return typeof value === 'string' ? [value] : value;
    },
  };
}

type Derived = string | readonly string[] | 'unknown';
const absent: readonly string[] = [];

/** The keys that the engine fills itself; empty where such a caller has none. */
function derivedOf({ context, resourceAccount }: Request, caller: Caller): ReadonlyMap<string, Derived> {
  const { kind, principal, account, behind, name } = caller;
  const isNumber = principal === account;
  const arn = isNumber ? `arn:aws:iam::${account}:root` : kind === 'role' ? (behind ?? principal) : principal;
  return new Map<string, Derived>([
    ['aws:principalarn', account ? arn : absent],
    ['aws:principalaccount', account ?? absent],
    ['aws:principaltype', types[kind] ?? absent],
    ['aws:username', kind === 'user' ? name : absent],
    ['aws:userid', userIdOf(caller, context.get('aws:userid'))],
    ['aws:resourceaccount', resourceAccount ?? 'unknown'],
  ]);
}

const types: Readonly<Partial<Record<Caller['kind'], string>>> = {
  user: 'User',
  role: 'AssumedRole',
  'federated-user': 'FederatedUser',
  root: 'Account',
  anonymous: 'Anonymous',
};

/** Users and roles have unique ids that no ARN tells; a session's id ends with its name. */
function userIdOf({ kind, account, name }: Caller, given: Derived | undefined): Derived {
  if (kind === 'anonymous') return 'anonymous';
  if (kind === 'root') return account ?? absent;
  if (kind === 'federated-user') return `${account}:${name}`;
  if (kind === 'user') return typeof given === 'string' ? given : 'unknown';
  if (kind !== 'role') return absent;
  return typeof given === 'string' && given.endsWith(`:${name}`) ? given : 'unknown';
}

/** What is known of the form of keys whose values are not. */
export const shapesOf =
  ({ kind, name }: Caller) =>
  (key: string): Filled | undefined => {
    if (key === 'aws:resourceaccount') return Array.from({ length: 12 }, () => ({ kind: 'one' }));
    if (key !== 'aws:userid') return undefined;
    const [prefix, end] = kind === 'user' ? ['AIDA', ''] : ['AROA', `:${name}`];
    return [{ kind: 'text', text: prefix }, { kind: 'one' }, { kind: 'any' }, { kind: 'text', text: end }];
  };
