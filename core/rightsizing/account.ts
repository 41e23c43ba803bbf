import { actionNumbers } from '../access/compiled/action-numbers.ts';
import { type Bits, hasBit } from '../access/compiled/bits.ts';
import { parseIamArn } from '../identity/iam-arn.ts';
import type { Inventory, PolicyText, PrincipalRecord } from '../identity/inventory.ts';
import type { PolicyDocument } from '../policy/statement.ts';
import { allowedBy } from './granted.ts';
import { parsedPolicy } from './parsed-policy.ts';
import { isReducible } from './reduce.ts';

/** A policy that a principal holds by itself: what a proposal may rewrite, or replace where AWS manages it. */
export interface HeldPolicy {
  policy: PolicyText;
  kind: 'inline' | 'managed' | 'aws-managed';
  /** undefined where it cannot be read. */
  document: PolicyDocument | undefined;
}

/** Answers about who holds which policy in one account. */
export interface Holdings {
  /** Inline policies and the managed policies attached to the principal itself. */
  ownPolicies(principal: PrincipalRecord): readonly HeldPolicy[];
  /** Everybody to whom a managed policy is attached; null where a group has it too, or it is somebody's boundary. */
  holdersOf(policyArn: string): readonly PrincipalRecord[] | null;
  /** Whether something that no proposal touches (NotAction, a group, a policy of AWS that stays) allows the action. */
  isAlsoGranted(principal: PrincipalRecord, action: string): boolean;
}

/**
 * Reads every policy of the account once. `replaceAwsManaged`: a policy of AWS may be exchanged for policies of the
 * account; otherwise it stays.
 */
export function holdingsOf(inventory: Inventory, replaceAwsManaged: boolean): Holdings {
  const documents = new Map<string, PolicyDocument | undefined>();
  const read = ({ text }: PolicyText): PolicyDocument | undefined => {
    if (!documents.has(text)) documents.set(text, parsedPolicy(text));
    return documents.get(text);
  };
  const groups = new Map(inventory.groups.map((group) => [group.name, group]));
  const groupsOf = (principal: PrincipalRecord) => principal.groups.flatMap((name) => groups.get(name) ?? []);
  const managed = (arns: readonly string[]) => arns.flatMap((arn) => inventory.managed.get(arn) ?? []);
  const holders = holdersByPolicy(inventory);
  const elsewhere = new Set([
    ...inventory.groups.flatMap((group) => group.attached),
    ...inventory.principals.flatMap(({ boundary }) => boundary ?? []),
  ]);

  const ownPolicies = (principal: PrincipalRecord): HeldPolicy[] => [
    ...principal.inline.map((policy) => ({ policy, kind: 'inline' as const, document: read(policy) })),
    ...managed(principal.attached.filter((arn) => replaceAwsManaged || isCustomerManaged(arn))).map((policy) => ({
      policy,
      kind: isCustomerManaged(policy.arn ?? '') ? ('managed' as const) : ('aws-managed' as const),
      document: read(policy),
    })),
  ];

  const untouched = (principal: PrincipalRecord): Bits => {
    const own = ownPolicies(principal).flatMap(({ document }) => document?.statements ?? []);
    const foreign = groupsOf(principal).flatMap((group) => [...group.inline, ...managed(group.attached)]);
    const ofAws = replaceAwsManaged ? [] : managed(principal.attached.filter((arn) => !isCustomerManaged(arn)));
    const others = [...foreign, ...ofAws].flatMap((policy) => read(policy)?.statements ?? []);
    return allowedBy([...own.filter((statement) => !isReducible(statement)), ...others]);
  };
  const untouchedBy = new Map<string, Bits>();

  return {
    ownPolicies,
    holdersOf: (arn) => (elsewhere.has(arn) ? null : (holders.get(arn) ?? [])),
    isAlsoGranted: (principal, action) => {
      const bits = untouchedBy.get(principal.arn) ?? untouched(principal);
      untouchedBy.set(principal.arn, bits);
      const number = actionNumbers().byName.get(action.toLowerCase());
      return number !== undefined && hasBit(bits, number);
    },
  };
}

/** Policies that AWS manages have `aws` in the place of the account. */
const isCustomerManaged = (arn: string): boolean => parseIamArn(arn)?.account !== 'aws';

function holdersByPolicy(inventory: Inventory): ReadonlyMap<string, PrincipalRecord[]> {
  const holders = new Map<string, PrincipalRecord[]>();
  for (const principal of inventory.principals) {
    for (const arn of new Set(principal.attached)) {
      const known = holders.get(arn);
      if (known) known.push(principal);
      else holders.set(arn, [principal]);
    }
  }
  return holders;
}
