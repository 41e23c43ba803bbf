import type { Outcome } from './event.ts';

const denial = /AccessDenied|Unauthorized|NotAuthorized|Forbidden|AuthorizationError|AuthFailure|AllAccessDisabled/i;
const absence = /NoSuch|NotFound|DoesNotExist|NotExist/i;

/**
 * What an error code says about the permission. A denial is no use. A missing resource is a use: IAM had let the call
 * through. So is everything else: throttling, a bad parameter, a dry run that would have succeeded.
 */
export function outcomeOf(errorCode: string | null): Outcome {
  if (errorCode === null) return 'used';
  if (denial.test(errorCode)) return 'denied';
  return absence.test(errorCode) ? 'not-found' : 'used';
}
