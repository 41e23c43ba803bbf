import fc from 'fast-check';
import type { Instant } from '../../../core/time.ts';
import { latestFor, parseRecord } from '../../../core/usage/parse.ts';
import { account, intake, record } from './records.ts';

const read = (changes: Record<string, unknown>, way = {}) => parseRecord(record(changes), { ...intake, ...way });
const eventOf = (changes: Record<string, unknown>, way = {}) => {
  const result = read(changes, way);
  if (!result.ok) throw new Error(`${result.error.reason}: ${result.error.detail}`);
  return result.value;
};

test('reads a record', () => {
  expect(eventOf({})).toMatchObject({
    eventID: '11111111-2222-4333-8444-555555555555',
    time: '2026-03-01T10:00:00Z',
    account,
    region: 'eu-west-1',
    source: 's3.amazonaws.com',
    name: 'GetObject',
    kind: 'api-call',
    caller: { principal: 'AIDAEXAMPLEALICE00001', accessKeyId: 'AKIAEXAMPLEALICE0001' },
    outcome: 'used',
    resources: ['arn:aws:s3:::reports/q1.csv'],
    trust: 'trusted-by-operator',
    historic: false,
  });
});

test.each([
  ['a list', 'not-a-record', []],
  ['a text', 'not-a-record', 'x'],
  ['nothing', 'not-a-record', null],
  ['an object of something else', 'not-cloudtrail', { configRuleId: 'x', version: '1.0' }],
])('%s is rejected as %s', (_, reason, value) => {
  expect(parseRecord(value, intake)).toMatchObject({ ok: false, error: { reason } });
});

test.each([
  ['no eventID', 'no-event-id', 'eventID', { eventID: undefined }],
  ['an empty eventID', 'no-event-id', 'eventID', { eventID: '' }],
  ['an eventID that is no text', 'malformed-field', 'eventID', { eventID: 7 }],
  ['no eventSource', 'no-event-source', 'eventSource', { eventSource: undefined }],
  ['no eventName', 'no-event-name', 'eventName', { eventName: null }],
  ['no eventTime', 'no-event-time', 'eventTime', { eventTime: undefined }],
  ['a time without a zone', 'malformed-event-time', 'eventTime', { eventTime: '2026-03-01T10:00:00' }],
  ['a day that no month has', 'malformed-event-time', 'eventTime', { eventTime: '2026-02-30T10:00:00Z' }],
  ['a time that is a number', 'malformed-event-time', 'eventTime', { eventTime: 1_772_359_200 }],
  ['a time in the future', 'time-in-the-future', 'eventTime', { eventTime: '2026-03-01T12:00:01Z' }],
  ['eventVersion 2.0', 'unknown-event-version', 'eventVersion', { eventVersion: '2.0' }],
  ['eventVersion that is a number', 'unknown-event-version', 'eventVersion', { eventVersion: 1.08 }],
  ['a userIdentity that is a text', 'malformed-field', 'userIdentity', { userIdentity: 'alice' }],
  ['an errorCode that is an object', 'malformed-field', 'errorCode', { errorCode: {} }],
  ['an Insights event', 'not-a-record', 'Insights', { eventCategory: 'Insight' }],
  ['more than 1 MB', 'too-large', '1 MB', { requestParameters: { value: 'x'.repeat(1_048_576) } }],
  ['more than 1 MB in many members', 'too-large', '1 MB', { requestParameters: Array(300_000).fill(1) }],
])('a record with %s is rejected as %s, and the detail names %s', (_, reason, word, changes) => {
  const result = read(changes);
  expect(result).toMatchObject({ ok: false, error: { reason } });
  expect(!result.ok && result.error.detail).toContain(word);
});

test('a record of a container below 1 MB is not measured, since it cannot be larger', () => {
  expect(read({ requestParameters: { value: 'x'.repeat(1_048_576) } }, { size: 1000 }).ok).toBe(true);
});

test('a time up to one hour ahead of our clock is taken in', () => {
  const latest = latestFor('2026-03-01T09:00:00Z' as Instant);
  expect(read({ eventTime: '2026-03-01T10:00:00Z' }, { latest }).ok).toBe(true);
  expect(read({ eventTime: '2026-03-01T10:00:01Z' }, { latest }).ok).toBe(false);
});

test('the last day of February in a leap year is one', () => {
  expect(eventOf({ eventTime: '2024-02-29T10:00:00Z' }).time).toBe('2024-02-29T10:00:00Z');
});

test('a record without eventVersion is read, since what is needed of it never differed', () => {
  expect(read({ eventVersion: undefined }).ok).toBe(true);
});

test('Logstash has the time in @timestamp, which counts only where Logstash left its mark', () => {
  const moved = { eventTime: undefined, '@timestamp': '2026-03-01T09:59:58.123Z' };
  expect(eventOf({ ...moved, '@version': '1' }).time).toBe('2026-03-01T09:59:58Z');
  expect(read(moved)).toMatchObject({ ok: false, error: { reason: 'no-event-time' } });
});

test('the account that the way names is the only one that a record may name', () => {
  expect(eventOf({ recipientAccountId: undefined }, { account }).account).toBe(account);
  expect(read({}, { account: '999988887777' })).toMatchObject({ ok: false, error: { reason: 'account-mismatch' } });
  expect(read({ recipientAccountId: '0000' }, { account })).toMatchObject({ error: { reason: 'account-mismatch' } });
  expect(eventOf({ recipientAccountId: '0000' }).account).toBeNull();
});

test.each([
  ['AccessDenied', 'denied'],
  ['AccessDeniedException', 'denied'],
  ['Client.UnauthorizedOperation', 'denied'],
  ['UnauthorizedOperation', 'denied'],
  ['AuthorizationError', 'denied'],
  ['NotAuthorizedException', 'denied'],
  ['KMS.AccessDeniedException', 'denied'],
  ['VpceAccessDenied', 'denied'],
  ['NoSuchEntityException', 'not-found'],
  ['NoSuchBucketPolicy', 'not-found'],
  ['ResourceNotFoundException', 'not-found'],
  ['Client.InvalidVolume.NotFound', 'not-found'],
  ['ThrottlingException', 'used'],
  ['Client.DryRunOperation', 'used'],
  ['InvalidParameterValueException', 'used'],
  [undefined, 'used'],
])('error code %s means %s', (errorCode, outcome) => {
  expect(eventOf({ errorCode }).outcome).toBe(outcome);
});

test('a sign-in says by its response whether it failed and beside the identity whether a second factor was used', () => {
  const signIn = { eventType: 'AwsConsoleSignIn', eventSource: 'signin.amazonaws.com', eventName: 'ConsoleLogin' };
  const failed = eventOf({
    ...signIn,
    responseElements: { ConsoleLogin: 'Failure' },
    additionalEventData: { MFAUsed: 'No' },
  });
  expect(failed).toMatchObject({ kind: 'sign-in', outcome: 'denied', caller: { mfa: false } });
  const done = eventOf({
    ...signIn,
    responseElements: { ConsoleLogin: 'Success' },
    additionalEventData: { MFAUsed: 'Yes' },
  });
  expect(done).toMatchObject({ kind: 'sign-in', outcome: 'used', caller: { mfa: true } });
});

test('no value, however strange, makes reading it fail', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc.dictionary(fc.constantFrom(...Object.keys(record()), 'errorCode'), fc.anything()).map(record),
      ),
      (value) => {
        expect(typeof parseRecord(value, intake).ok).toBe('boolean');
      },
    ),
  ));
