import { type IamArn, parseIamArn } from '../identity/iam-arn.ts';
import { fail, ok, type Result } from '../result.ts';
import type { ChangeRefusal } from './change.ts';

/** Why nothing is planned, in a sentence for people. */
export interface PlanRefusal {
  reason: Extract<ChangeRefusal, 'target-excluded' | 'terms-refused' | 'not-yet-decidable'>;
  detail: string;
}

/** A user or role, read from its ARN. */
export interface PrincipalPlace extends IamArn {
  type: 'user' | 'role';
  arn: string;
}

/** Reads the ARN of an IAM user or role; undefined for anything else. */
export function placeOf(arn: string): PrincipalPlace | undefined {
  const parsed = parseIamArn(arn);
  const type = parsed?.type;
  return parsed && (type === 'user' || type === 'role') ? { ...parsed, type, arn } : undefined;
}

/**
 * Whether Leastwise may change this principal at all. Asked when a plan is made and again before it is applied; the
 * member roles' policies say the same, so that a mistake here is not enough. Names count as well as paths, because an ARN
 * that was made from a session's has lost the path; a role of one's own that is named so is left alone too.
 */
export function withinReach(arn: string, breakGlass: readonly string[]): Result<PrincipalPlace, PlanRefusal> {
  const place = placeOf(arn);
  if (place === undefined) return fail(undecided(`${arn} is neither an IAM user nor an IAM role.`));
  if (breakGlass.includes(arn)) return fail(excluded(`${place.name} is kept for emergencies and is never changed.`));
  if (place.path.startsWith('/aws-service-role/') || place.name.startsWith('AWSServiceRoleFor'))
    return fail(excluded(`${place.name} belongs to an AWS service, which alone may change it.`));
  if (place.path.startsWith('/leastwise/') || place.name.startsWith('leastwise-'))
    return fail(excluded(`${place.name} is one of Leastwise's own roles.`));
  if (place.path.startsWith('/aws-reserved/') || place.name.startsWith('AWSReservedSSO_'))
    return fail(undecided(`${place.name} belongs to Identity Center and cannot be edited in the account.`));
  return ok(place);
}

const excluded = (detail: string): PlanRefusal => ({ reason: 'target-excluded', detail });
export const undecided = (detail: string): PlanRefusal => ({ reason: 'not-yet-decidable', detail });
export const outOfTerms = (detail: string): PlanRefusal => ({ reason: 'terms-refused', detail });
