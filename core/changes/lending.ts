import type { Person } from '../approvals/rules.ts';
import { accessLevelOf } from '../catalogue/catalogue.ts';
import type { PrincipalRecord } from '../identity/inventory.ts';
import type { ActorId } from '../identity/principal.ts';
import { leasePolicyPrefix } from '../leases/access-left.ts';
import { fail, ok, type Result } from '../result.ts';
import { type Instant, plusSeconds } from '../time.ts';
import type { Plan, Terms } from './change.ts';
import { endPlaceholder } from './moments.ts';
import { outOfTerms, type PlanRefusal, undecided, withinReach } from './reach.ts';

export type LendingTerms = Extract<Terms, { kind: 'lending' }>;

/** On a role: the id of the one person whose sessions it carries. */
export const beneficiaryTag = 'leastwise:beneficiary';

/** Everything that a loan is planned from. */
export interface LoanRequest {
  lease: string;
  beneficiary: Person;
  /** The principal that is to carry the policy, as the inventory has it. */
  carrier: PrincipalRecord;
  terms: LendingTerms;
  /** When it is asked for: an extension would begin then at the earliest. */
  at: Instant;
}

export interface LoanLimits {
  maxHours: number;
  breakGlass: readonly string[];
}

const shortest = 300;
/** IAM counts every inline policy of a principal together: 10,240 characters for a role, 2,048 for a user. */
const longestPolicy = { role: 10_240, user: 2048 } as const;

/** An inline policy that ends by itself and serves one person, under a name of its own. */
export function planLending(request: LoanRequest, limits: LoanLimits): Result<Plan, PlanRefusal> {
  const { carrier, beneficiary, lease } = request;
  const terms = inOrder(request.terms);
  const reach = withinReach(carrier.arn, limits.breakGlass);
  if (!reach.ok) return reach;
  const refusal =
    termsRefusal(terms, limits) ?? carrierRefusal(carrier, beneficiary) ?? extensionRefusal(terms, request.at);
  if (refusal !== undefined) return fail(refusal);
  const text = leasePolicy(terms, carrier, beneficiary);
  const taken = carrier.inline.reduce((sum, policy) => sum + policy.text.replaceAll(/\s/g, '').length, text.length);
  if (taken > longestPolicy[carrier.type])
    return fail(outOfTerms(`${carrier.name} has no room for an inline policy of ${text.length} characters.`));
  const { account } = reach.value;
  const slot = {
    type: 'inline-policy' as const,
    account,
    principal: carrier.arn,
    name: `${leasePolicyPrefix}${lease}`,
  };
  return ok({ kind: 'lending', account, target: carrier.arn, edits: [{ slot, before: null, after: text }], terms });
}

/** The same request in another order is the same plan. */
export const inOrder = (terms: LendingTerms): LendingTerms => ({
  ...terms,
  actions: [...new Set(terms.actions)].sort(),
  resources: [...new Set(terms.resources)].sort(),
});

export function termsRefusal(terms: LendingTerms, limits: Pick<LoanLimits, 'maxHours'>): PlanRefusal | undefined {
  const refusal = durationRefusal(terms, limits);
  if (refusal !== undefined) return refusal;
  if (terms.actions.length === 0) return outOfTerms('At least one action must be named.');
  if (terms.resources.length === 0) return outOfTerms('At least one resource must be named.');
  return first(terms.actions, actionRefusal) ?? first(terms.resources, resourceRefusal);
}

/** What is asked of every loan, whatever is lent. */
export function durationRefusal(
  { duration, reason }: LendingTerms,
  { maxHours }: Pick<LoanLimits, 'maxHours'>,
): PlanRefusal | undefined {
  if (!Number.isSafeInteger(duration) || duration < shortest)
    return outOfTerms('Access is lent for five minutes at least.');
  if (duration > maxHours * 3600) return outOfTerms(`Access is lent for ${maxHours} hours at most.`);
  return reason.trim() === '' ? outOfTerms('A reason must be given.') : undefined;
}

/** Whether access would be lent for longer than may be, given the moment of approval (law P5). */
export const extensionRefusal = ({ duration, extends: from }: LendingTerms, at: Instant): PlanRefusal | undefined =>
  from !== undefined && plusSeconds(at, duration) > from.until
    ? outOfTerms(`It has been lent since ${from.since} and may not go on after ${from.until}.`)
    : undefined;

function actionRefusal(action: string): PlanRefusal | undefined {
  if (/[*?]/.test(action)) return outOfTerms(`${action} names more than one action; no rule allows that.`);
  const level = accessLevelOf(action);
  if (level === undefined) return outOfTerms(`${action} is no action that IAM knows.`);
  const service = action.slice(0, action.indexOf(':')).toLowerCase();
  const harmless = level === 'Read' || level === 'List';
  if (level === 'Permissions management' || (outlasting.has(service) && !harmless) || makesCredentials(action))
    return undecided(`${action} could give access that outlives the loan.`);
  return undefined;
}

/** Writing here can leave something behind that no end of a policy takes back. */
const outlasting = new Set(['iam', 'sts', 'organizations', 'sso', 'sso-directory', 'identitystore', 'account']);

/** The catalogue counts these as reading; their credentials would not end with the loan. */
const makesCredentials = (action: string): boolean =>
  /^sts:(?!GetCallerIdentity$|GetAccessKeyInfo$|DecodeAuthorizationMessage$)/i.test(action) ||
  /^sso:GetRoleCredentials$/i.test(action);

function resourceRefusal(resource: string): PlanRefusal | undefined {
  if (resource.includes('${')) return outOfTerms(`${resource} holds a policy variable; name the resource itself.`);
  if (resource !== '*' && !/^arn:aws[a-z-]*:[a-z0-9-]+:[^:\s]*:[^:\s]*:\S+$/.test(resource))
    return outOfTerms(`${resource} is neither an ARN nor *.`);
  return undefined;
}

/** Every session of the carrier must be the beneficiary's, or somebody else would be lent the same. */
function carrierRefusal(carrier: PrincipalRecord, beneficiary: Person): PlanRefusal | undefined {
  const given = carrier.tags[beneficiaryTag];
  if (carrier.type === 'user') {
    return beneficiary.actors.includes(carrier.arn as ActorId)
      ? undefined
      : undecided(`${carrier.name} is not ${beneficiary.name}'s own user.`);
  }
  if (given === undefined)
    return undecided(`Nothing says whose sessions ${carrier.name} carries; the tag ${beneficiaryTag} would.`);
  return given === beneficiary.id ? undefined : outOfTerms(`${carrier.name} is given to somebody else.`);
}

/**
 * The tag stands in the condition as well as in the check: when the role is given to somebody else, the loan does not
 * go with it.
 */
function leasePolicy(terms: LendingTerms, carrier: PrincipalRecord, beneficiary: Person): string {
  const tag =
    carrier.type === 'role' ? { StringEquals: { [`aws:PrincipalTag/${beneficiaryTag}`]: beneficiary.id } } : {};
  const statement = {
    Sid: 'LeastwiseLease',
    Effect: 'Allow',
    Action: terms.actions,
    Resource: terms.resources,
    Condition: {
      DateLessThan: { 'aws:CurrentTime': endPlaceholder },
      ArnEquals: { 'aws:PrincipalArn': carrier.arn },
      ...tag,
    },
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

function first<T>(values: readonly T[], refuse: (value: T) => PlanRefusal | undefined): PlanRefusal | undefined {
  for (const value of values) {
    const refusal = refuse(value);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
