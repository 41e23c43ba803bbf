import type { Person } from '../approvals/rules.ts';
import { actionsMeant } from '../catalogue/actions-meant.ts';
import { allActions } from '../catalogue/catalogue.ts';
import { type PrivilegeClass, privilegeClassOf } from '../catalogue/privilege-class.ts';
import type { LendingCenter } from '../configuration.ts';
import { groupWith, type IdentityCenter, type PermissionSet } from '../identity/identity-center.ts';
import type { Inventory } from '../identity/inventory.ts';
import { assigned } from '../leases/assignment.ts';
import { coversAction } from '../policy/match.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Statement } from '../policy/statement.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Instant } from '../time.ts';
import type { Plan } from './change.ts';
import { durationRefusal, extensionRefusal, type LendingTerms, type LoanLimits } from './lending.ts';
import { outOfTerms, type PlanRefusal, undecided } from './reach.ts';

/** A session of a lent permission set outlives its assignment by so many seconds at most. */
export const longestSession = 3600;

/** What IAM is asked where one is assigned, taken away, and read. */
export const assignmentActions = [
  'sso:CreateAccountAssignment',
  'sso:DeleteAccountAssignment',
  'sso:DescribeAccountAssignmentCreationStatus',
  'sso:DescribeAccountAssignmentDeletionStatus',
  'sso:DescribePermissionSet',
  'sso:ListAccountAssignments',
] as const;

/** A permission set in an account, as people ask for it and as the target of its loan. */
export interface SetInAccount {
  account: string;
  /** Name of the permission set. */
  set: string;
}

/** `set:ACCOUNT/NAME`, as a target; undefined for any other. */
export function setMeant(target: string): SetInAccount | undefined {
  const [, account, set] = /^set:(\d{12})\/([\w+=,.@-]{1,32})$/.exec(target) ?? [];
  return account !== undefined && set !== undefined ? { account, set } : undefined;
}

export interface SetLoan extends SetInAccount {
  beneficiary: Person;
  terms: LendingTerms;
  at: Instant;
  /** As it was last read. */
  center: IdentityCenter;
  /** Of the account; its policies say what the set allows. */
  inventory: Inventory | undefined;
}

/** Lends a permission set by assigning it to its beneficiary: one of those reserved for that, and no group has it for them. */
export function planAssignment(
  loan: SetLoan,
  reserved: LendingCenter,
  limits: Pick<LoanLimits, 'maxHours'>,
): Result<Plan, PlanRefusal> {
  const { center, beneficiary, account } = loan;
  const set = center.permissionSets.find(({ name }) => name === loan.set);
  const user = userOf(beneficiary, center);
  if (set === undefined) return fail(undecided(`Identity Center has no permission set ${loan.set} that was read.`));
  if (user === undefined)
    return fail(undecided(`${beneficiary.name} is not known as exactly one user of Identity Center.`));
  const refusal =
    setRefusal(set, center, reserved) ??
    durationRefusal(loan.terms, limits) ??
    extensionRefusal(loan.terms, loan.at) ??
    ownedRefusal(loan, set, user);
  if (refusal !== undefined) return fail(refusal);
  const classes = classesOf(set, account, loan.inventory);
  const permissionSet = { name: set.name, session: set.session ?? longestSession, ...(classes && { classes }) };
  const slot = {
    type: 'account-assignment' as const,
    account,
    instance: center.instance,
    permissionSet: set.arn,
    user,
  };
  return ok({
    kind: 'lending',
    account,
    target: `set:${account}/${set.name}`,
    edits: [{ slot, before: null, after: assigned }],
    terms: { ...loan.terms, actions: [], resources: [], permissionSet },
  });
}

/** Whoever else had the set would keep it, and a session that lasts longer would outlive what is said about it. */
function setRefusal(set: PermissionSet, center: IdentityCenter, reserved: LendingCenter): PlanRefusal | undefined {
  if (center.instance !== reserved.instance || !reserved.permissionSets.includes(set.arn))
    return outOfTerms(`${set.name} is not reserved for lending: \`deployment.identityCenter\` of the configuration.`);
  if (set.session === undefined) return undecided(`How long sessions of ${set.name} last was not read yet.`);
  return set.session > longestSession
    ? outOfTerms(`Sessions of ${set.name} last longer than an hour, and would outlive the loan by as much.`)
    : undefined;
}

function ownedRefusal({ center, account }: SetLoan, { arn, name }: PermissionSet, user: string) {
  const group = groupWith(center, { account, permissionSet: arn, user });
  return group === undefined
    ? undefined
    : outOfTerms(`They have ${name} in ${account} already, by the group ${group}; no loan would end that.`);
}

/** The one id under which the store of this instance knows the person. */
function userOf({ actors }: Person, { identityStore }: IdentityCenter): string | undefined {
  const prefix = `federated:${identityStore}/`;
  const ids = actors.filter((actor) => actor.startsWith(prefix)).map((actor) => actor.slice(prefix.length));
  return ids.length === 1 ? ids[0] : undefined;
}

/** What the set's policies allow, by class; undefined where one of them is not known. Denies and boundaries do not count. */
function classesOf(
  { inline, managed, customerManaged }: PermissionSet,
  account: string,
  inventory: Inventory | undefined,
): readonly PrivilegeClass[] | undefined {
  const own = customerManaged.map(({ path, name }) => `arn:aws:iam::${account}:policy${path}${name}`);
  const attached = [...managed, ...own].map((arn) => inventory?.managed.get(arn)?.text ?? '');
  const parsed = [...(inline === null ? [] : [inline]), ...attached].map((text) => parsePolicy(text));
  if (!parsed.every((each) => each.ok)) return undefined;
  const granting = parsed.flatMap(({ value }) => value.statements).filter(({ effect }) => effect === 'Allow');
  return [...new Set(granting.flatMap(actionsIn).map(privilegeClassOf))].sort();
}

const actionsIn = (statement: Statement): readonly string[] =>
  statement.actions.not
    ? allActions().filter((action) => coversAction(statement, action))
    : statement.actions.patterns.flatMap(actionsMeant);
