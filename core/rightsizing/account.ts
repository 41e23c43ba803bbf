import { parseIamArn } from '../identity/iam-arn.ts';
import type { Inventory, PolicyText, PrincipalRecord } from '../identity/inventory.ts';
import { coversAction } from '../policy/match.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { PolicyDocument, Statement } from '../policy/statement.ts';
import { isReducible } from './reduce.ts';

/** A policy that a principal holds by itself: what a proposal may rewrite. */
export interface HeldPolicy {
  policy: PolicyText;
  kind: 'inline' | 'managed';
  /** undefined where it cannot be read. */
  document: PolicyDocument | undefined;
}

/** Answers about who holds which policy in one account. */
export interface Holdings {
  /** Inline policies and customer-managed policies attached to the principal itself. */
  ownPolicies(principal: PrincipalRecord): readonly HeldPolicy[];
  /** Everybody to whom a managed policy is attached; null where a group has it too, or it is somebody's boundary. */
  holdersOf(policyArn: string): readonly PrincipalRecord[] | null;
  /** Whether something that no proposal touches (a wildcard, a condition, a group, a policy of AWS) allows the action. */
  isAlsoGranted(principal: PrincipalRecord, action: string): boolean;
}

/** Reads every policy of the account once. */
export function holdingsOf(inventory: Inventory): Holdings {
  const documents = new Map<string, PolicyDocument | undefined>();
  const read = ({ text }: PolicyText): PolicyDocument | undefined => {
    if (!documents.has(text)) documents.set(text, parsedOf(text));
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
    ...managed(principal.attached.filter(isCustomerManaged)).map((policy) => ({
      policy,
      kind: 'managed' as const,
      document: read(policy),
    })),
  ];

  const untouched = (principal: PrincipalRecord): Statement[] => {
    const own = ownPolicies(principal).flatMap(({ document }) => document?.statements ?? []);
    const foreign = groupsOf(principal).flatMap((group) => [...group.inline, ...managed(group.attached)]);
    const ofAws = managed(principal.attached.filter((arn) => !isCustomerManaged(arn)));
    const others = [...foreign, ...ofAws].flatMap((policy) => read(policy)?.statements ?? []);
    return [...own.filter((statement) => !isReducible(statement)), ...others].filter(
      ({ effect }) => effect === 'Allow',
    );
  };
  const untouchedBy = new Map<string, Statement[]>();

  return {
    ownPolicies,
    holdersOf: (arn) => (elsewhere.has(arn) ? null : (holders.get(arn) ?? [])),
    isAlsoGranted: (principal, action) => {
      const statements = untouchedBy.get(principal.arn) ?? untouched(principal);
      untouchedBy.set(principal.arn, statements);
      return statements.some((statement) => coversAction(statement, action));
    },
  };
}

/** Policies that AWS manages have `aws` in the place of the account. */
const isCustomerManaged = (arn: string): boolean => parseIamArn(arn)?.account !== 'aws';

function parsedOf(text: string): PolicyDocument | undefined {
  const parsed = parsePolicy(text);
  return parsed.ok ? parsed.value : undefined;
}

function holdersByPolicy(inventory: Inventory): ReadonlyMap<string, PrincipalRecord[]> {
  const holders = new Map<string, PrincipalRecord[]>();
  for (const principal of inventory.principals) {
    for (const arn of new Set(principal.attached)) holders.set(arn, [...(holders.get(arn) ?? []), principal]);
  }
  return holders;
}
