import type { Instant } from '../../core/time.ts';
import type { Call } from './calls.ts';
import type { Random } from './random.ts';
import type { Session } from './session.ts';

/** One CloudTrail record, in CloudTrail's own order of fields. */
export interface SampleRecord {
  eventVersion: string;
  userIdentity: Record<string, unknown>;
  eventTime: Instant;
  eventSource: string;
  eventName: string;
  awsRegion: string;
  sourceIPAddress: string;
  userAgent: string;
  errorCode?: string;
  errorMessage?: string;
  requestParameters: unknown;
  responseElements: unknown;
  additionalEventData?: unknown;
  requestID: string;
  eventID: string;
  readOnly: boolean;
  resources?: unknown;
  eventType: string;
  managementEvent: boolean;
  recipientAccountId: string;
  eventCategory: string;
  serviceEventDetails?: unknown;
}

export interface Outcome {
  errorCode: string;
  errorMessage: string;
}

/** The record of a call made in a session. */
export function recordOf(
  session: Session,
  call: Call & { region: string },
  at: Instant,
  random: Random,
  failed?: Outcome,
): SampleRecord {
  return {
    eventVersion: '1.11',
    userIdentity: session.userIdentity,
    eventTime: at,
    eventSource: call.source,
    eventName: call.name,
    awsRegion: call.region,
    sourceIPAddress: session.address,
    userAgent: session.agent,
    ...failed,
    requestParameters: call.requestParameters,
    responseElements: failed ? null : call.responseElements,
    requestID: random.uuid(),
    eventID: random.uuid(),
    readOnly: call.readOnly,
    ...(call.resources.length > 0 && { resources: call.resources }),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: session.account,
    eventCategory: 'Management',
  };
}

/** How AWS says no to a session whose policies hold nothing for the action. */
export const denied = (session: Session, action: string): Outcome => ({
  errorCode: 'AccessDenied',
  errorMessage: `User: ${session.userIdentity.arn} is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`,
});
