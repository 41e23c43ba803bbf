import type { Principals } from '../../policy/statement.ts';
import { untold } from '../residual/facts.ts';
import { allOf, anyOf, type Formula, not } from '../residual/formula.ts';
import type { Caller } from './caller.ts';

/**
 * By which name a policy's Principal speaks of the caller: the caller itself (or everybody), the role or user behind its
 * session, or its whole account, which leaves the rest to the account's own policies.
 */
export interface Named {
  itself: Formula;
  behind: Formula;
  account: Formula;
}

/** Everybody. */
export const everybody: Named = { itself: true, behind: false, account: false };

/** Whether it speaks of the caller by any name. */
export const isNamed = ({ itself, behind, account }: Named): Formula => anyOf([itself, behind, account]);

/** How the policy speaks of the caller. NotPrincipal turns on effect and boundary. */
export function namedBy(
  principals: Principals,
  caller: Caller,
  { effect, hasBoundary }: { effect: 'Allow' | 'Deny'; hasBoundary: boolean },
): Named {
  const listed = listedIn(principals.who, caller);
  if (!principals.not) return listed;
  if (effect === 'Allow') return { ...everybody, itself: not(isNamed(listed)) };
  // AWS: NotPrincipal with Deny always denies whoever has a permissions boundary.
  if (hasBoundary && caller.account) return everybody;
  return { ...everybody, itself: not(isSpared(listed, caller)) };
}

/**
 * AWS may look at the account first, then the role, then the session: only who is listed together with the account is
 * surely spared. Who is listed without it may be denied, depending on the service.
 */
function isSpared({ itself, behind, account }: Named, { kind, account: of, principal }: Caller): Formula {
  if (!of || kind === 'root') return anyOf([itself, account]);
  const listed = kind === 'user' ? itself : behind;
  const surely = allOf([listed, account]);
  const perhaps = anyOf([itself, behind]);
  return anyOf([surely, allOf([perhaps, untold(`NotPrincipal spares ${principal} without all of its parents`)])]);
}

function listedIn(who: Principals['who'], caller: Caller): Named {
  if (who === '*') return everybody;
  const matches = [...who].flatMap(([kind, names]) => names.map((name) => matchOf(kind, name, caller)));
  return {
    itself: matches.includes('itself'),
    behind: matches.includes('behind'),
    account: anyOf(matches.map((match) => (typeof match === 'string' ? match === 'account' : (match ?? false)))),
  };
}

type Match = keyof Named | null | Exclude<Formula, boolean>;

function matchOf(kind: string, name: string, caller: Caller): Match {
  if (kind === 'AWS') return awsMatch(name, caller);
  if (kind === 'Service') return caller.kind === 'service' && isOrAny(name, caller) ? 'itself' : null;
  if (kind === 'CanonicalUser') return caller.account ? canonicalUser(name, caller.account) : null;
  const isFederated = caller.kind === 'saml' || caller.kind === 'web-identity';
  return isFederated && isOrAny(name, caller) ? 'itself' : null;
}

const isOrAny = (name: string, { principal }: Caller): boolean => name === '*' || name === principal;

function awsMatch(name: string, caller: Caller): Match {
  if (name === '*') return 'itself';
  const account = accountNamed(name);
  if (account) {
    if (account !== caller.account) return null;
    return caller.kind === 'root' ? 'itself' : 'account';
  }
  if (!caller.account) return null;
  if (name === caller.behind) return 'behind';
  return name === caller.principal ? 'itself' : null;
}

const accountNamed = (name: string): string | undefined => /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];

/** A canonical id stands for an account, but policies do not tell for which. */
function canonicalUser(id: string, account: string): Match {
  const formula = untold(`canonical user ${id} is account ${account}`);
  return typeof formula === 'boolean' ? null : formula;
}
