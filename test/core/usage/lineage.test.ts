import type { UsageEvent } from '../../../core/usage/event.ts';
import { edgesOf } from '../../../core/usage/lineage.ts';
import { parseRecord } from '../../../core/usage/parse.ts';
import { intake, record } from './records.ts';

function event(changes: Record<string, unknown>): UsageEvent {
  const result = parseRecord(record(changes), intake);
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
}

const sts = { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole' };
const asked = { requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/deploy', roleSessionName: 'x' } };
const answered = {
  responseElements: {
    assumedRoleUser: {
      assumedRoleId: 'AROAEXAMPLEDEPLOY0001:x',
      arn: 'arn:aws:sts::111122223333:assumed-role/deploy/x',
    },
  },
};
const key = {
  eventSource: 'iam.amazonaws.com',
  eventName: 'CreateAccessKey',
  responseElements: { accessKey: { accessKeyId: 'AKIANEW', userName: 'bob' } },
};

test.each([
  [
    'AssumeRole draws an edge to the role’s id',
    { ...sts, ...asked, ...answered },
    'AROAEXAMPLEDEPLOY0001',
    'assumed-role',
  ],
  [
    'AssumeRole without an answer draws it to the role’s ARN',
    { ...sts, ...asked },
    'arn:aws:iam::111122223333:role/deploy',
    'assumed-role',
  ],
  [
    'AssumeRoleWithWebIdentity draws one too',
    { ...sts, eventName: 'AssumeRoleWithWebIdentity', ...asked, ...answered },
    'AROAEXAMPLEDEPLOY0001',
    'assumed-role',
  ],
  ['CreateAccessKey draws an edge to the key', key, 'AKIANEW', 'created-access-key'],
])('%s', (_, changes, child, kind) => {
  expect(edgesOf(event(changes))).toEqual([
    {
      child,
      kind,
      parent: {
        principal: 'AIDAEXAMPLEALICE00001',
        arn: 'arn:aws:iam::111122223333:user/alice',
        actor: 'arn:aws:iam::111122223333:user/alice',
        accessKeyId: 'AKIAEXAMPLEALICE0001',
        account: '111122223333',
      },
      first: { time: '2026-03-01T10:00:00Z', eventID: '11111111-2222-4333-8444-555555555555' },
      last: '2026-03-01T10:00:00Z',
    },
  ]);
});

test.each([
  ['a denied AssumeRole', { ...sts, ...asked, errorCode: 'AccessDenied' }],
  ['a throttled one', { ...sts, ...asked, errorCode: 'ThrottlingException' }],
  ['a key that was not made', { ...key, responseElements: null, errorCode: 'LimitExceededException' }],
  ['any other call', {}],
])('%s draws none', (_, changes) => {
  expect(edgesOf(event(changes))).toEqual([]);
});
