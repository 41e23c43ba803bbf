import { isEnvelope, parseEnvelope } from '../../../core/usage/envelope.ts';
import { envelope, intake } from './records.ts';

test.each(['AWS API Call via CloudTrail', 'AWS Console Sign In via CloudTrail', 'AWS Service Event via CloudTrail'])(
  'an event of detail-type %s is read',
  (type) => {
    expect(parseEnvelope(envelope({ 'detail-type': type }), intake)).toMatchObject({
      ok: true,
      value: { account: '111122223333' },
    });
  },
);

test('where the record names no account, the envelope’s account stands', () => {
  expect(parseEnvelope(envelope({}, { recipientAccountId: undefined }), intake)).toMatchObject({
    ok: true,
    value: { account: '111122223333' },
  });
});

test.each([
  ['a source that anybody may use', 'not-cloudtrail', { source: 'my.app' }],
  ['a partner’s source', 'not-cloudtrail', { source: 'aws.partner/example.com/x' }],
  ['no source', 'not-cloudtrail', { source: undefined }],
  [
    'a detail-type that is not CloudTrail’s',
    'not-cloudtrail',
    { 'detail-type': 'EC2 Instance State-change Notification' },
  ],
  ['another account than the record’s', 'account-mismatch', { account: '999988887777' }],
  ['no account', 'malformed-field', { account: undefined }],
  ['a detail that is a text', 'not-a-record', { detail: 'x' }],
])('an envelope with %s is rejected as %s', (_, reason, changes) => {
  expect(parseEnvelope(envelope(changes), intake)).toMatchObject({ ok: false, error: { reason } });
});

test('only an object with detail and detail-type is an envelope', () => {
  expect(isEnvelope(envelope())).toBe(true);
  expect(isEnvelope({ detail: {} })).toBe(false);
  expect(isEnvelope([])).toBe(false);
});
