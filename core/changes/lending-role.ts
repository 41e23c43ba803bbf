import type { Person } from '../approvals/rules.ts';
import { leaseRoleBoundary, leaseRolePath, leaseRoleText } from '../leases/role.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Instant } from '../time.ts';
import type { Plan } from './change.ts';
import { extensionRefusal, inOrder, type LendingTerms, type LoanLimits, termsRefusal } from './lending.ts';
import { endPlaceholder } from './moments.ts';
import { outOfTerms, type PlanRefusal, undecided } from './reach.ts';

export interface RoleLoan {
  lease: string;
  account: string;
  beneficiary: Person;
  terms: LendingTerms;
  at: Instant;
}

/** IAM counts a role's inline policies together, and its trust by itself. */
const longest = { policy: 10_240, trust: 2048 } as const;

/** The role of a lease: one each, below a path of its own. */
export const leaseRoleArn = (account: string, lease: string): string =>
  `arn:aws:iam::${account}:role${leaseRolePath}lease-${lease}`;

/**
 * A role for one lease and one person. Its trust names that person, asks for their id as source identity and for the
 * lease as session tag, and ends with the lease as every Allow does; above it stands the boundary.
 */
export function planLeaseRole(loan: RoleLoan, limits: Pick<LoanLimits, 'maxHours'>): Result<Plan, PlanRefusal> {
  const { account, beneficiary, lease } = loan;
  const terms = inOrder(loan.terms);
  const refusal = termsRefusal(terms, limits) ?? extensionRefusal(terms, loan.at);
  if (refusal !== undefined) return fail(refusal);
  const statements = beneficiary.actors.flatMap((actor) => trustOf(actor, loan));
  if (statements.length === 0)
    return fail(
      undecided(`${beneficiary.name} has no IAM user and no identity of Identity Center that a role could trust.`),
    );
  const trust = documentOf(statements);
  const policy = documentOf([
    {
      Sid: 'LeastwiseLease',
      Effect: 'Allow',
      Action: terms.actions,
      Resource: terms.resources,
      Condition: { DateLessThan: { 'aws:CurrentTime': endPlaceholder } },
    },
  ]);
  if (policy.length > longest.policy || trust.length > longest.trust)
    return fail(outOfTerms('That is more than one role can hold.'));
  const role = leaseRoleArn(account, lease);
  const slot = { type: 'lease-role' as const, account, role };
  const after = leaseRoleText({ boundary: `arn:aws:iam::${account}:policy/${leaseRoleBoundary}`, policy, trust });
  return ok({ kind: 'lending', account, target: role, edits: [{ slot, before: null, after }], terms });
}

/** IAM users are named; whoever comes by Identity Center is known by the id of the user, whatever the permission set. */
function trustOf(actor: string, { account, beneficiary, lease }: RoleLoan): object[] {
  const user = /^arn:aws:iam::\d{12}:user\/\S+$/.test(actor) ? actor : undefined;
  const identity = /^federated:arn:aws:identitystore::\d{12}:identitystore\/d-[a-z0-9]+\/([\w-]+)$/.exec(actor)?.[1];
  if (user === undefined && identity === undefined) return [];
  const reserved = `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/*`;
  return [
    {
      Effect: 'Allow',
      Principal: { AWS: user ?? `arn:aws:iam::${account}:root` },
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
      Condition: {
        DateLessThan: { 'aws:CurrentTime': endPlaceholder },
        StringEquals: {
          'aws:RequestTag/leastwise:lease': lease,
          'sts:SourceIdentity': beneficiary.id,
          ...(identity && { 'identitystore:UserId': identity }),
        },
        ...(identity && { ArnLike: { 'aws:PrincipalArn': reserved } }),
      },
    },
  ];
}

const documentOf = (Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
