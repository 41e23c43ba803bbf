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

/** Which of the names speak of a caller, as bits. */
export const nameBits = { itself: 1, behind: 2, account: 4 } as const;

const settled = (bits: number, bit: number): Formula => ((bits & bit) === 0 ? never : always);

/** By the bits of the names. */
export const namedByBits: readonly Named[] = Array.from({ length: 8 }, (_, bits) => ({
  itself: settled(bits, nameBits.itself),
  behind: settled(bits, nameBits.behind),
  account: settled(bits, nameBits.account),
}));

export const everybody: Named = namedByBits[nameBits.itself]!;

/** By which names the element speaks of the caller. */
export const namedIn = (names: Names, caller: Caller): Named => namedByBits[nameBitsIn(names, caller)]!;

/** The same as bits. */
export const nameBitsIn = (names: Names, caller: Caller): number =>
  caller.account === null ? outsider(names, caller) : member(names, caller, caller.account);

function outsider({ services, federated }: Names, { kind, principal }: Caller): number {
  const list = kind === 'service' ? services : kind === 'saml' || kind === 'web-identity' ? federated : none;
  return list.has('*') || list.has(principal) ? nameBits.itself : 0;
}

function member({ accounts, arns }: Names, { kind, principal, behind }: Caller, account: string): number {
  const isRoot = kind === 'root';
  const byAccount = accounts.size > 0 && accounts.has(account);
  const byBehind = behind !== null && arns.has(behind);
  const byItself = (principal !== behind && arns.has(principal)) || (byAccount && isRoot);
  return (
    (byItself ? nameBits.itself : 0) | (byBehind ? nameBits.behind : 0) | (byAccount && !isRoot ? nameBits.account : 0)
  );
}

const none: ReadonlySet<string> = new Set();
const accountNamed = (name: string): string | undefined => /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
