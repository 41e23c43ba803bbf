import { objectOf, textOf } from '../untrusted.ts';
import { type EventPattern, matcherOf } from './event-pattern.ts';

/** EventBridge's words for CloudTrail's kinds of records. */
const detailTypeOf: Readonly<Record<string, string>> = {
  AwsApiCall: 'AWS API Call via CloudTrail',
  AwsServiceEvent: 'AWS Service Event via CloudTrail',
  AwsConsoleSignIn: 'AWS Console Sign In via CloudTrail',
  AwsConsoleAction: 'AWS Console Action via CloudTrail',
};

/** Says of a record of CloudTrail, or of the envelope that holds one, whether it takes the fast lane through these rules. */
export function forwardedBy(patterns: readonly EventPattern[]): (record: unknown) => boolean {
  const matchers = patterns.map(matcherOf);
  return (record) => {
    const fields = objectOf(record) ?? {};
    const event = 'detail-type' in fields ? fields : envelopeOf(fields);
    return matchers.some((matches) => matches(event));
  };
}

function envelopeOf(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const service = (textOf(record.eventSource) ?? '').split('.')[0];
  const type = detailTypeOf[textOf(record.eventType) ?? ''] ?? detailTypeOf.AwsApiCall;
  return { source: `aws.${service}`, 'detail-type': type, detail: record };
}
