import { accountOf, callerOf } from '../identity/caller.ts';
import type { AccountId, Caller } from '../identity/principal.ts';
import { fail, ok, type Result } from '../result.ts';
import { type Instant, parseInstant, plusSeconds } from '../time.ts';
import { objectOf, textOf } from '../untrusted.ts';
import type { Outcome, Rejection, Trust, UsageEvent } from './event.ts';
import { outcomeOf } from './outcome.ts';
import { isLargerThan, largestRecord } from './size.ts';

/** What the way of a record says about it. */
export interface Intake {
  trust: Trust;
  historic: boolean;
  /** Nothing later than this is taken in; one hour after now, for clocks differ (`latestFor`). */
  latest: Instant;
  /** The account that the envelope or the file's path names; null where the way names none. */
  account: AccountId | null;
  /** The container's characters, an upper bound of the record's; absent: the record is measured. */
  size?: number;
}

export type Refused = Pick<Rejection, 'reason' | 'detail'>;
type Fields = Readonly<Record<string, unknown>>;

/** Record times may lie an hour ahead of our clock and no more. */
export const latestFor = (now: Instant): Instant => plusSeconds(now, 3600);

/**
 * Reads one CloudTrail record. Written by hand: a schema library takes longer than all the rest of the fold. A record
 * without eventVersion is read: nothing that is needed here ever differed between the versions of major 1, and a use
 * that is not recorded could cost somebody a permission.
 */
export function parseRecord(record: unknown, intake: Intake): Result<UsageEvent, Refused> {
  const fields = objectOf(record);
  if (fields === null) return refuse('not-a-record', `a record must be an object, this is ${describe(record)}`);
  const refused = refusalOf(fields, intake);
  if (refused !== null) return fail(refused);
  const time = timeOf(fields);
  if (!time.ok) return time;
  if (time.value > intake.latest) {
    return refuse('time-in-the-future', `eventTime ${time.value} lies after ${intake.latest}`);
  }
  return ok(eventOf(fields, time.value, intake));
}

const refuse = (reason: Refused['reason'], detail: string) => fail<Refused>({ reason, detail });

/** Everything that can be wrong but the time; null where nothing is. */
function refusalOf(fields: Fields, intake: Intake): Refused | null {
  if (
    typeof fields.eventSource !== 'string' &&
    typeof fields.eventName !== 'string' &&
    fields.eventVersion === undefined
  ) {
    return { reason: 'not-cloudtrail', detail: 'no eventSource, eventName or eventVersion: not a CloudTrail record' };
  }
  if (textOf(fields.eventID) === null) return missing('no-event-id', 'eventID', fields.eventID);
  if (textOf(fields.eventSource) === null) return missing('no-event-source', 'eventSource', fields.eventSource);
  if (textOf(fields.eventName) === null) return missing('no-event-name', 'eventName', fields.eventName);
  return (
    versionRefusal(fields.eventVersion) ??
    shapeRefusal(fields) ??
    sizeRefusal(fields, intake) ??
    accountRefusal(fields, intake)
  );
}

function missing(reason: Refused['reason'], field: string, value: unknown): Refused {
  if (value === undefined || value === null || value === '') return { reason, detail: `${field} is missing` };
  return { reason: 'malformed-field', detail: `${field} must be a text, this is ${describe(value)}` };
}

function versionRefusal(version: unknown): Refused | null {
  if (version === undefined || (typeof version === 'string' && /^1(?:\.\d{1,4})?$/.test(version))) return null;
  return { reason: 'unknown-event-version', detail: `eventVersion ${shown(version)} is not 1.x` };
}

function shapeRefusal(fields: Fields): Refused | null {
  const identity = fields.userIdentity;
  if (identity !== undefined && identity !== null && objectOf(identity) === null) {
    return { reason: 'malformed-field', detail: `userIdentity must be an object, this is ${describe(identity)}` };
  }
  if (fields.eventCategory === 'Insight') {
    return { reason: 'not-a-record', detail: 'an Insights event sums up calls and is none itself' };
  }
  return hasTexts(fields) ? null : textRefusal(fields);
}

/** One by one rather than in a loop: records come in many shapes, and reading a member by a variable name is slow. */
const hasTexts = (fields: Fields): boolean =>
  mayBeText(fields.awsRegion) &&
  mayBeText(fields.errorCode) &&
  mayBeText(fields.errorMessage) &&
  mayBeText(fields.sourceIPAddress) &&
  mayBeText(fields.userAgent) &&
  mayBeText(fields.eventType);

const mayBeText = (value: unknown): boolean => typeof value === 'string' || value === undefined || value === null;

function textRefusal(fields: Fields): Refused | null {
  const name = textFields.find((each) => !mayBeText(fields[each]));
  if (name === undefined) return null;
  return { reason: 'malformed-field', detail: `${name} must be a text, this is ${describe(fields[name])}` };
}

const textFields = ['awsRegion', 'errorCode', 'errorMessage', 'sourceIPAddress', 'userAgent', 'eventType'] as const;

function sizeRefusal(fields: Fields, intake: Intake): Refused | null {
  if ((intake.size ?? Number.POSITIVE_INFINITY) <= largestRecord || !isLargerThan(fields, largestRecord)) return null;
  return { reason: 'too-large', detail: 'the record is larger than 1 MB; CloudTrail writes none above 256 KB' };
}

/** Where the way names an account, the record may not name another one; where the record names none, the way's stands. */
function accountRefusal(fields: Fields, intake: Intake): Refused | null {
  const named = fields.recipientAccountId;
  if (intake.account === null || named === undefined || named === null || named === intake.account) return null;
  return {
    reason: 'account-mismatch',
    detail: `recipientAccountId ${shown(named)} is not ${intake.account}, the account that it came from`,
  };
}

/** Logstash moves eventTime to `@timestamp` and marks what it touched with `@version`. */
function timeOf(fields: Fields): Result<Instant, Refused> {
  const moved = fields.eventTime === undefined && fields['@version'] !== undefined;
  const name = moved ? '@timestamp' : 'eventTime';
  const value = fields[name];
  if (value === undefined || value === null || value === '') return refuse('no-event-time', 'eventTime is missing');
  const time = typeof value === 'string' ? parseInstant(value) : undefined;
  if (time === undefined || !isRealDay(time)) {
    return refuse('malformed-event-time', `${name} ${shown(value)} is not a time like 2026-11-02T09:30:00Z`);
  }
  return ok(time);
}

/** The pattern of an instant lets the 30th of February through. */
const isRealDay = (time: Instant): boolean =>
  time.charCodeAt(8) < 0x32 || Number(time.slice(8, 10)) <= daysIn(Number(time.slice(0, 4)), Number(time.slice(5, 7)));

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

function eventOf(fields: Fields, time: Instant, intake: Intake): UsageEvent {
  const source = fields.eventSource as string;
  const errorCode = textOf(fields.errorCode);
  const kind = kindOf(fields.eventType);
  const outcome = kind === 'sign-in' ? signInOutcome(fields.responseElements, errorCode) : outcomeOf(errorCode);
  const call = outcome === 'denied' ? 'denied' : errorCode === null ? 'done' : 'failed';
  const caller = callerOf(fields.userIdentity, source, call);
  return {
    eventID: fields.eventID as string,
    time,
    account: accountOf(fields.recipientAccountId) ?? intake.account,
    region: textOf(fields.awsRegion) ?? 'unknown',
    source,
    name: fields.eventName as string,
    kind,
    caller: kind === 'sign-in' ? withSignInMfa(caller, fields.additionalEventData) : caller,
    outcome,
    errorCode,
    errorMessage: textOf(fields.errorMessage),
    sourceAddress: textOf(fields.sourceIPAddress),
    userAgent: textOf(fields.userAgent),
    requestParameters: fields.requestParameters ?? null,
    responseElements: fields.responseElements ?? null,
    resources: resourcesOf(fields.resources),
    trust: intake.trust,
    historic: intake.historic,
  };
}

function kindOf(type: unknown): UsageEvent['kind'] {
  if (type === 'AwsApiCall' || type === undefined || type === null) return 'api-call';
  if (type === 'AwsConsoleSignIn') return 'sign-in';
  return type === 'AwsServiceEvent' ? 'service-event' : 'other';
}

/** Sign-ins say beside the identity whether a second factor was used. */
function withSignInMfa(caller: Caller, additional: unknown): Caller {
  const used = objectOf(additional)?.MFAUsed;
  return used === 'Yes' || used === 'No' ? { ...caller, mfa: used === 'Yes' } : caller;
}

/** A failed sign-in has no error code. */
function signInOutcome(response: unknown, errorCode: string | null): Outcome {
  const answer = objectOf(response);
  const failed = answer !== null && Object.values(answer).includes('Failure');
  return failed ? 'denied' : outcomeOf(errorCode);
}

const noResources: readonly string[] = [];

function resourcesOf(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return noResources;
  const arns: string[] = [];
  for (const entry of value) {
    const fields = objectOf(entry);
    const arn = textOf(fields?.ARN) ?? textOf(fields?.arn);
    if (arn !== null) arns.push(arn);
  }
  return arns;
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : describe(value);

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
