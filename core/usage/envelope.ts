import { accountOf } from '../identity/caller.ts';
import type { AccountId } from '../identity/principal.ts';
import { fail, type Result } from '../result.ts';
import { objectOf, textOf } from '../untrusted.ts';
import type { UsageEvent } from './event.ts';
import { type Intake, parseRecord, type Refused } from './parse.ts';

/** EventBridge's names for what CloudTrail delivers. */
const detailTypes: ReadonlySet<string> = new Set([
  'AWS API Call via CloudTrail',
  'AWS Console Sign In via CloudTrail',
  'AWS Service Event via CloudTrail',
  'AWS Console Action via CloudTrail',
  'AWS Insight via CloudTrail',
]);

/** An object that has the members of an EventBridge event, whoever sent it. */
export const isEnvelope = (value: unknown): boolean => {
  const fields = objectOf(value);
  return fields !== null && typeof fields['detail-type'] === 'string' && 'detail' in fields;
};

/**
 * Reads a CloudTrail record in an EventBridge envelope. Only AWS itself may use a source that begins with `aws.`
 * (PutEvents refuses it to others), but partners may use `aws.partner/`; a detail-type alone proves nothing.
 * EventBridge sets the envelope's account, so the record may not name another one.
 */
export function parseEnvelope(envelope: unknown, intake: Omit<Intake, 'account'>): Result<UsageEvent, Refused> {
  const fields = objectOf(envelope);
  if (fields === null) return refuse('not-a-record', 'an envelope must be an object');
  const source = textOf(fields.source) ?? '';
  if (!source.startsWith('aws.') || source.startsWith('aws.partner/')) {
    return refuse('not-cloudtrail', `source ${JSON.stringify(source.slice(0, 80))} is not one that only AWS can use`);
  }
  const type = textOf(fields['detail-type']) ?? '';
  if (!detailTypes.has(type)) {
    return refuse('not-cloudtrail', `detail-type ${JSON.stringify(type.slice(0, 80))} is not CloudTrail's`);
  }
  const account: AccountId | null = accountOf(fields.account);
  if (account === null) return refuse('malformed-field', 'account of the envelope must be twelve digits');
  return parseRecord(fields.detail, { ...intake, account });
}

const refuse = (reason: Refused['reason'], detail: string) => fail<Refused>({ reason, detail });
