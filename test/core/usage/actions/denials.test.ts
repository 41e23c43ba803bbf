import type { AccountId } from '../../../../core/identity/principal.ts';
import { type Deniable, disagreementOf, namedDenialOf } from '../../../../core/usage/actions/disagreement.ts';
import { eventsOf } from './shared-logs.ts';

const denied = (source: string, name: string, errorMessage: string | null, parameters: unknown = null): Deniable => ({
  kind: 'api-call',
  source: `${source}.amazonaws.com`,
  name,
  requestParameters: parameters,
  resources: [],
  region: 'eu-central-1',
  account: '111122223333' as AccountId,
  outcome: 'denied',
  errorMessage,
});
const who = 'User: arn:aws:iam::111122223333:user/u is not authorized to perform:';

describe.each([
  { set: 'invictus', atLeast: 14 },
  { set: 'stratus', atLeast: 51 },
  { set: 'eventbridge', atLeast: 0 },
  { set: 'otrf', atLeast: 0 },
] as const)('in the public log $set', ({ set, atLeast }) => {
  const denials = eventsOf(set)?.flatMap((event) => namedDenialOf(event) ?? []);

  test('every denial that names its action names one that the call is mapped to', () => {
    if (!denials) return;
    const absent = denials.filter(({ mapping }) => mapping === 'absent');
    expect(absent.map(({ source, name, denied: action }) => `${source}/${name} was denied ${action}`)).toEqual([]);
    expect(denials.length).toBeGreaterThanOrEqual(atLeast);
  });

  test('where it names one resource, the mapping found that one', () => {
    if (!denials) return;
    const others = denials.filter(({ sameResource }) => sameResource === false);
    expect(others.map(({ name, resource }) => `${name} on ${resource}`)).toEqual([]);
  });
});

test.each([
  ['s3', 'ListObjects', `${who} s3:ListBucket on resource: "arn:aws:s3:::b" because no identity-based policy allows`],
  [
    'kms',
    'Decrypt',
    `${who} kms:Decrypt on the resource associated with this ciphertext because the resource does not`,
  ],
  ['sqs', 'SendMessageBatch', `${who} sqs:sendmessage on resource: arn:aws:sqs:eu-central-1:111122223333:q`],
  ['ec2', 'RunInstances', `You are not authorized to perform this operation. ${who} ec2:RunInstances. Encoded auth`],
  ['s3', 'DeleteObjects', `${who} s3:DeleteObjectVersion on resource: arn:aws:s3:::b/k`],
])('%s %s agrees with: %s', (source, name, message) => {
  expect(disagreementOf(denied(source, name, message))).toBeUndefined();
  expect(namedDenialOf(denied(source, name, message))).toBeDefined();
});

test('an action that the mapping does not know for the call is a disagreement', () => {
  const event = denied('s3', 'ListBuckets', `${who} s3:SomethingElse on resource: *`);
  expect(disagreementOf(event)).toEqual({ source: event.source, name: 'ListBuckets', denied: 's3:SomethingElse' });
  expect(namedDenialOf(event)).toMatchObject({ mapping: 'absent', resource: '*', sameResource: null });
});

test('an action that only may have been needed is told apart from one that was', () => {
  const of = (action: string) => namedDenialOf(denied('s3', 'DeleteObjects', `${who} s3:${action}`))?.mapping;
  expect(of('DeleteObject')).toBe('certain');
  expect(of('DeleteObjectVersion')).toBe('conditional');
});

test('the resource that AWS names is held against the one that the mapping found', () => {
  const on = (bucket: string) =>
    namedDenialOf(
      denied('s3', 'ListObjects', `${who} s3:ListBucket on resource: arn:aws:s3:::b`, { bucketName: bucket }),
    )?.sameResource;
  expect(on('b')).toBe(true);
  expect(on('c')).toBe(false);
  expect(on('')).toBeNull();
});

test('what was not denied, and what names no action, says nothing', () => {
  const named = denied('s3', 'ListObjects', `${who} s3:Nothing`);
  expect(namedDenialOf({ ...named, outcome: 'used' })).toBeUndefined();
  expect(namedDenialOf(denied('s3', 'ListObjects', 'Access Denied'))).toBeUndefined();
  expect(namedDenialOf(denied('s3', 'ListObjects', null))).toBeUndefined();
});
