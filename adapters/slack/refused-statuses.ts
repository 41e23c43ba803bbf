import type { RequestRefusal } from '../../usecases/ports/slack-input.ts';

/** What the outside is told of a refusal. A missing secret is our own fault, yet it looks like any wrong signature. */
export const refusedStatuses: Readonly<Record<RequestRefusal, number>> = {
  'no-secret': 401,
  'no-signature': 401,
  stale: 401,
  'wrong-signature': 401,
  'too-large': 413,
  'wrong-type': 415,
  malformed: 400,
  'wrong-app': 403,
  'wrong-team': 403,
  'wrong-view': 403,
};
