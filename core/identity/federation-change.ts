import { objectOf, textOf } from '../untrusted.ts';
import { callerOf } from './caller.ts';
import type { ActorId } from './principal.ts';

/** Calls of IAM by which somebody else may vouch for whom Identity Center signs in. */
export const federationCalls = ['CreateSAMLProvider', 'UpdateSAMLProvider', 'DeleteSAMLProvider'] as const;

/** The provider that Identity Center makes in each account, and nobody else has a reason to touch. */
const provider = /(?:^|\/)AWSSSO_[0-9A-Za-z]+_DO_NOT_DELETE$/;

export interface FederationChange {
  account: string;
  call: string;
  eventID: string;
  /** ARN of whoever did it; null: the event does not say. */
  who: string | null;
  /** Whom that was; absent: it was kept by a release that did not read it. */
  actor?: ActorId;
}

/**
 * What a CloudTrail record says of the SAML provider of Identity Center in its account: from then on a session there may be
 * anybody's, whatever name it bears. Undefined for everything else, and for a call that failed.
 */
export function federationChangeIn(record: unknown): FederationChange | undefined {
  const fields = objectOf(record);
  const [call, account, eventID] = [
    textOf(fields?.eventName),
    textOf(fields?.recipientAccountId),
    textOf(fields?.eventID),
  ];
  if (fields === null || fields.errorCode !== undefined || fields.eventSource !== 'iam.amazonaws.com') return undefined;
  if (call === null || account === null || eventID === null) return undefined;
  if (!(federationCalls as readonly string[]).includes(call)) return undefined;
  const values = [fields.requestParameters, fields.responseElements].flatMap((each) =>
    Object.values(objectOf(each) ?? {}),
  );
  if (!values.some((value) => typeof value === 'string' && provider.test(value))) return undefined;
  const { actor } = callerOf(fields.userIdentity, fields.eventSource);
  return { account, call, eventID, who: textOf(objectOf(fields.userIdentity)?.arn), actor };
}
