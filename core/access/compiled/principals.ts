import type { Principals } from '../../policy/statement.ts';
import type { Caller } from '../reference/caller.ts';
import { always, type Formula, never } from './formula.ts';

/** By which names a policy speaks of a caller; see the plain evaluator's `Named`. */
export interface Named {
  readonly itself: Formula;
  readonly behind: Formula;
  readonly account: Formula;
}

/** The names of a Principal element, ready to be looked up. */
export interface Names {
  readonly accounts: ReadonlySet<string>;
  readonly arns: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly federated: ReadonlySet<string>;
}

/** `everybody`, names to look up, or `rare`: NotPrincipal and canonical ids, which the plain evaluator reads. */
export function namesOf(principals: Principals | null): 'everybody' | 'rare' | Names {
  if (!principals) return 'everybody';
  const { not, who } = principals;
  if (not || (who !== '*' && who.has('CanonicalUser'))) return 'rare';
  if (who === '*' || who.get('AWS')?.includes('*')) return 'everybody';
  const aws = (who.get('AWS') ?? []).map((name) => ({ name, account: accountNamed(name) }));
  return {
    accounts: new Set(aws.flatMap(({ account }) => account ?? [])),
    arns: new Set(aws.filter(({ account }) => account === undefined).map(({ name }) => name)),
    services: new Set(who.get('Service')),
    federated: new Set(who.get('Federated')),
  };
}

export const everybody: Named = { itself: always, behind: never, account: never };
const nobody: Named = { itself: never, behind: never, account: never };

/** By which names the element speaks of the caller. */
export function namedIn(names: Names, caller: Caller): Named {
  return caller.account === null ? outsider(names, caller) : member(names, caller, caller.account);
}

function outsider({ services, federated }: Names, { kind, principal }: Caller): Named {
  const list = kind === 'service' ? services : kind === 'saml' || kind === 'web-identity' ? federated : none;
  return list.has('*') || list.has(principal) ? everybody : nobody;
}

function member({ accounts, arns }: Names, { kind, principal, behind }: Caller, account: string): Named {
  const isRoot = kind === 'root';
  const byAccount = accounts.has(account);
  const byBehind = behind !== null && arns.has(behind);
  const byItself = (principal !== behind && arns.has(principal)) || (byAccount && isRoot);
  if (!byAccount && !byBehind && !byItself) return nobody;
  return { itself: settled(byItself), behind: settled(byBehind), account: settled(byAccount && !isRoot) };
}

const settled = (value: boolean): Formula => (value ? always : never);
const none: ReadonlySet<string> = new Set();
const accountNamed = (name: string): string | undefined => /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
