import { isApprovedByRule } from '../core/approvals/decide.ts';
import type { Person } from '../core/approvals/rules.ts';
import { everIdentitiesOf } from '../core/approvals/same-person.ts';
import { leaseIdOf } from '../core/changes/applied.ts';
import type { Change, Decision, Plan } from '../core/changes/change.ts';
import { changeIdOf } from '../core/changes/change-id.ts';
import { approved, isOverdue, matterOf } from '../core/changes/decided.ts';
import { applyStatement } from '../core/changes/digest.ts';
import { type LendingTerms, planLending } from '../core/changes/lending.ts';
import { planLeaseRole, type RoleLoan } from '../core/changes/lending-role.ts';
import { planAssignment, type SetLoan, setMeant } from '../core/changes/lending-set.ts';
import { bornRefused, type Planning, planned } from '../core/changes/planned.ts';
import { outOfTerms, type PlanRefusal, placeOf, undecided } from '../core/changes/reach.ts';
import { type Configuration, deploymentOf, longestLoanOf } from '../core/configuration.ts';
import { parseIamArn } from '../core/identity/iam-arn.ts';
import type { PrincipalRecord } from '../core/identity/inventory.ts';
import type { ActorId } from '../core/identity/principal.ts';
import { accessWithoutLeases } from '../core/leases/access-left.ts';
import type { Lease } from '../core/leases/lease.ts';
import { leaseRolePath } from '../core/leases/role.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type Instant, plusSeconds } from '../core/time.ts';
import { decideChange } from './decide-change.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { OrganizationStore } from './ports/organization-scan.ts';
import type { Signer } from './ports/signer.ts';
import type { ChangeStore, LeaseStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface RequestAccessDeps {
  changes: Pick<ChangeStore, 'find' | 'commit' | 'list'>;
  leases: Pick<LeaseStore, 'find'>;
  inventories: Pick<InventoryStore, 'read'>;
  /** Where Identity Center was read; absent: no permission set can be lent. */
  organizations?: Pick<OrganizationStore, 'read'>;
  /** Signs what the rules name harmless; absent: somebody is always asked. */
  signer?: Signer;
  configuration: Pick<
    Configuration,
    | 'deployment'
    | 'people'
    | 'rules'
    | 'groups'
    | 'onCall'
    | 'confirmAbove'
    | 'standing'
    | 'accounts'
    | 'breakGlass'
    | 'lending'
    | 'decideWithinHours'
  >;
  now(): Instant;
}

export interface AccessRequest {
  /** Names the wish, so that its second delivery asks nothing new. */
  key: string;
  /** Person id of whoever asks. */
  by: string;
  /** Person id of whoever gets it; mostly the same. */
  beneficiary: string;
  /**
   * ARN of the role or user that is to carry the policy; `account:ID`: a role of its own there; `set:ACCOUNT/NAME`: a
   * permission set, and actions and resources are not read.
   */
  target: string;
  actions: readonly string[];
  resources: readonly string[];
  /** Seconds from approval. */
  duration: number;
  reason: string;
  /** Id of a lease of theirs that is active: the same access goes on, as far as the total may; the rest is not read. */
  extends?: string;
  /** Nobody can be waited for: takes what was decided beforehand, where that covers it; else it waits like any other. */
  emergency?: boolean;
  /** Whose session of AWS, with a second factor where that can be told, signed the wish itself; absent: Slack vouches for it. */
  signedBy?: ActorId;
}

/**
 * Asks for access for a time. Gives the change that waits for its decision, or that was refused at once with the reason
 * in `refusal`; both are in the audit.
 */
export const requestAccess =
  (deps: RequestAccessDeps) =>
  (request: AccessRequest): Promise<Change> =>
    whenStale(async () => {
      const id = changeIdOf('lending', [request.key]);
      const existing = await deps.changes.find(id);
      if (existing !== undefined) return atOnce(deps, existing, request);
      const { people } = deps.configuration;
      const requester = people.find((person) => person.id === request.by);
      const beneficiary = people.find((person) => person.id === request.beneficiary);
      const made =
        isKnown(requester) && isKnown(beneficiary)
          ? await makePlan(deps, request, beneficiary, leaseIdOf(id))
          : fail(outOfTerms('Whoever asks and whoever gets the access must be enrolled.'));
      const planning: Planning = {
        id,
        plan: made.ok ? made.value : nothing(request),
        requester: request.by,
        beneficiary: request.beneficiary,
        lineage: lineageOf([requester, beneficiary], people),
        at: deps.now(),
        decideWithinHours: deps.configuration.decideWithinHours,
        by: request.by,
      };
      const { after, events } = made.ok
        ? planned(planning)
        : bornRefused(planning, made.error.reason, made.error.detail);
      await deps.changes.commit(undefined, after, events);
      return atOnce(deps, after, request);
    });

/** What nobody has to be asked about now: an emergency that was decided beforehand, or what is harmless. */
async function atOnce(deps: RequestAccessDeps, change: Change, request: AccessRequest): Promise<Change> {
  const { signer } = deps;
  const { terms } = change.plan;
  const isEmergency = terms.kind === 'lending' && terms.emergency !== undefined;
  if (signer === undefined || !isEmergency || change.state !== 'planned') return byRule(deps, change);
  const { digest } = change;
  const decided = await decideChange({ ...deps, signer })({
    change: change.id,
    by: request.by,
    verdict: 'approve',
    digest,
    key: `${request.key}/emergency`,
    ...(request.signedBy && { confirmation: { actor: request.signedBy, digest } }),
  });
  return decided.ok ? decided.value : ((await deps.changes.find(change.id)) ?? change);
}

/** Approves what every rule that matches names harmless, by the one decision function; everything else waits. */
async function byRule({ changes, signer, configuration, now }: RequestAccessDeps, change: Change): Promise<Change> {
  const matter = matterOf(change);
  if (signer === undefined || isOverdue(change, now()) || !isApprovedByRule(matter, configuration)) return change;
  const decision: Decision = { by: 'rules', verdict: 'approve', at: now(), digest: matter.digest, rule: 'harmless' };
  const signature = await signer.sign(
    applyStatement({ id: change.id, digest: change.digest, approvedAt: decision.at }),
  );
  const { after, events } = approved(change, { decision, outcome: 'approved' }, signature);
  await changes.commit(change, after, events);
  return after;
}

async function makePlan(
  deps: RequestAccessDeps,
  request: AccessRequest,
  beneficiary: Person,
  lease: string,
): Promise<Result<Plan, PlanRefusal>> {
  const { inventories, configuration } = deps;
  const asked = request.extends === undefined ? ok(termsOf(request)) : await extended(deps, request, request.extends);
  if (!asked.ok) return asked;
  const set = setMeant(request.target);
  if (set !== undefined) return assign(deps, { ...set, beneficiary, terms: asked.value, at: deps.now() });
  const account = accountMeant(request.target);
  if (account !== undefined) return makeRole(deps, { lease, account, beneficiary, terms: asked.value, at: deps.now() });
  const place = placeOf(request.target);
  if (place === undefined) return fail(undecided(`${request.target} is neither an IAM user nor an IAM role.`));
  const inventory = await inventories.read(place.account);
  const carrier = inventory?.principals.find(({ arn }) => arn === request.target);
  if (inventory === undefined || carrier === undefined)
    return fail(undecided(`${request.target} is not in the inventory.`));
  const limits = { maxHours: configuration.lending.maxHours, breakGlass: configuration.breakGlass };
  const made = planLending({ lease, beneficiary, carrier, terms: asked.value, at: deps.now() }, limits);
  if (!made.ok) return made;
  // Known once the terms are: what is no action cannot be asked about.
  const already = accessWithoutLeases(carrier.arn, asked.value, inventory);
  const about = aboutOf(configuration, carrier, place.account);
  return ok({ ...made.value, terms: { ...(made.value.terms as LendingTerms), already, about } });
}

/** A role that is made for this lease, where the deployment has their boundary. It can do nothing before. */
function makeRole({ configuration }: RequestAccessDeps, loan: RoleLoan): Result<Plan, PlanRefusal> {
  const { account } = loan;
  if (!deploymentOf(configuration).leaseRoles)
    return fail(undecided('Roles for leases are switched off: `deployment.leaseRoles` of the configuration.'));
  if (!configuration.accounts.some(({ id }) => id === account))
    return fail(undecided(`${account} is none of the accounts that Leastwise may change.`));
  const made = planLeaseRole(loan, { maxHours: configuration.lending.maxHours });
  if (!made.ok) return made;
  const units = configuration.accounts.find(({ id }) => id === account)?.units;
  const about = { tags: {}, ...(units && { units }) };
  return ok({ ...made.value, terms: { ...(made.value.terms as LendingTerms), already: [], about } });
}

/** A permission set that is assigned for the time, where the deployment has reserved some. */
async function assign(
  { inventories, organizations, configuration }: RequestAccessDeps,
  loan: Omit<SetLoan, 'center' | 'inventory'>,
): Promise<Result<Plan, PlanRefusal>> {
  const { account } = loan;
  const { identityCenter: reserved, managementAccount } = deploymentOf(configuration);
  if (reserved === null)
    return fail(undecided('No permission set is lent here: `deployment.identityCenter` of the configuration.'));
  const known = configuration.accounts.find(({ id }) => id === account);
  if (known === undefined) return fail(undecided(`${account} is none of the accounts that Leastwise may change.`));
  if (account === managementAccount) return fail(outOfTerms('Nothing is assigned in the management account.'));
  const center = (await organizations?.read())?.tree.identityCenter;
  if (!center) return fail(undecided('Identity Center was not read yet; it is read every night.'));
  const inventory = await inventories.read(account);
  const made = planAssignment({ ...loan, center, inventory }, reserved, { maxHours: configuration.lending.maxHours });
  if (!made.ok) return made;
  const about = { tags: {}, ...(known.units && { units: known.units }) };
  return ok({ ...made.value, terms: { ...(made.value.terms as LendingTerms), already: [], about } });
}

/** `account:ID` as a target asks for a role of its own. */
const accountMeant = (target: string): string | undefined => /^account:(\d{12})$/.exec(target)?.[1];

const isOn = (target: string, { carrier, account }: Lease): boolean =>
  carrier === target || (accountMeant(target) === account && parseIamArn(carrier)?.path === leaseRolePath);

/** What the rules may ask about: no more of the tags than they name. */
function aboutOf(
  { rules, accounts }: RequestAccessDeps['configuration'],
  { tags }: PrincipalRecord,
  account: string,
): NonNullable<LendingTerms['about']> {
  const asked = new Set(rules.flatMap((rule) => Object.keys(rule.tags ?? {})));
  const units = accounts.find(({ id }) => id === account)?.units;
  return {
    tags: Object.fromEntries(Object.entries(tags).filter(([key]) => asked.has(key))),
    ...(units && { units }),
  };
}

/** The terms of the lease that goes on, from its own change: an extension gives the same and no more. */
async function extended(
  { leases, changes, configuration }: RequestAccessDeps,
  request: AccessRequest,
  from: string,
): Promise<Result<LendingTerms, PlanRefusal>> {
  const lease = await leases.find(from);
  const terms = lease && (await changes.find(lease.change))?.plan.terms;
  if (lease?.state !== 'active' || terms?.kind !== 'lending')
    return fail(outOfTerms('Only access that is lent now can go on.'));
  if (lease.beneficiary !== request.beneficiary || !isOn(request.target, lease))
    return fail(outOfTerms('That access is lent to somebody else, or on something else.'));
  const since = terms.extends?.since ?? lease.startsAt;
  const until = terms.extends?.until ?? plusSeconds(since, longestLoanOf(configuration.lending) * 3600);
  const { actions, resources } = terms;
  return ok({ ...termsOf({ ...request, actions, resources }), extends: { lease: from, since, until } });
}

const isKnown = (person: Person | undefined): person is Person => person !== undefined && !person.suspended;

/** Their identities as they are now: who leaves the configuration and comes back under another id is still a party. */
const lineageOf = (parties: readonly (Person | undefined)[], people: readonly Person[]): readonly ActorId[] => [
  ...new Set(parties.flatMap((person) => (person ? [...everIdentitiesOf(person, people)] : []))),
];

const termsOf = ({ actions, resources, duration, reason, emergency }: AccessRequest): LendingTerms => ({
  kind: 'lending',
  actions,
  resources,
  // What is not a number is refused as too short, and must not break the audit on its way.
  duration: Number.isFinite(duration) ? duration : 0,
  reason,
  ...(emergency && { emergency }),
});

/** What a refused request shows: what was asked for, and that it changes nothing. */
const nothing = (request: AccessRequest): Plan => ({
  kind: 'lending',
  account: accountMeant(request.target) ?? setMeant(request.target)?.account ?? placeOf(request.target)?.account ?? '',
  target: request.target,
  edits: [],
  terms: termsOf(request),
});
