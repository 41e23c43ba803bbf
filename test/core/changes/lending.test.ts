import { type LendingTerms, type LoanRequest, planLending } from '../../../core/changes/lending.ts';
import { editsAt } from '../../../core/changes/moments.ts';
import type { PrincipalRecord } from '../../../core/identity/inventory.ts';
import type { ActorId } from '../../../core/identity/principal.ts';
import { instantAt } from '../../../core/time.ts';

const arn = 'arn:aws:iam::111122223333:role/ada-oncall';
const carrier: PrincipalRecord = {
  type: 'role',
  id: 'AROAADA',
  arn,
  name: 'ada-oncall',
  path: '/',
  createdAt: null,
  tags: { 'leastwise:beneficiary': 'ada' },
  trust: null,
  inline: [],
  attached: [],
  boundary: null,
  groups: [],
};
const user = { ...carrier, type: 'user' as const, arn: 'arn:aws:iam::111122223333:user/ada', name: 'ada', tags: {} };
const beneficiary = {
  id: 'ada',
  name: 'Ada',
  slack: { team: 'T', user: 'U' },
  actors: ['federated:store/ada', user.arn] as ActorId[],
};
const terms = {
  kind: 'lending' as const,
  actions: ['s3:GetObject'],
  resources: ['arn:aws:s3:::reports/*'],
  duration: 3600,
  reason: 'look at the report',
};
const limits = { maxHours: 8, breakGlass: ['arn:aws:iam::111122223333:role/break-glass'] };
const ask = (change: Partial<Omit<LoanRequest, 'terms'>> & { terms?: Partial<LendingTerms> } = {}) =>
  planLending(
    {
      lease: 'x1',
      beneficiary,
      carrier,
      at: instantAt(1_750_000_000),
      ...change,
      terms: { ...terms, ...change.terms },
    },
    limits,
  );

test('every Allow carries its end and its beneficiary, and the slot is named for the lease', () => {
  const made = ask();
  if (!made.ok) throw new Error(made.error.detail);
  expect(made.value.edits[0]?.slot).toEqual({
    type: 'inline-policy',
    account: '111122223333',
    principal: arn,
    name: 'leastwise-lease-x1',
  });
  const [edit] = editsAt(made.value, instantAt(1_750_000_000));
  const { Statement } = JSON.parse(edit?.after ?? '') as { Statement: { Effect: string; Condition: unknown }[] };
  expect(Statement).toHaveLength(1);
  expect(Statement[0]).toMatchObject({
    Effect: 'Allow',
    Action: ['s3:GetObject'],
    Resource: ['arn:aws:s3:::reports/*'],
  });
  expect(Statement[0]?.Condition).toEqual({
    DateLessThan: { 'aws:CurrentTime': '2025-06-15T16:06:40Z' },
    ArnEquals: { 'aws:PrincipalArn': arn },
    StringEquals: { 'aws:PrincipalTag/leastwise:beneficiary': 'ada' },
  });
});

test('the same wish in another order is the same plan', () => {
  const actions = ['s3:GetObject', 's3:ListBucket'];
  expect(ask({ terms: { actions } })).toEqual(ask({ terms: { actions: [...actions, ...actions].reverse() } }));
});

test('a user of the beneficiary’s own carries it too', () => {
  expect(ask({ carrier: user })).toMatchObject({ ok: true });
});

test.each<[string, string, Parameters<typeof ask>[0]]>([
  ['a wildcard', 'terms-refused', { terms: { actions: ['s3:*'] } }],
  ['a question mark', 'terms-refused', { terms: { actions: ['s3:GetObjec?'] } }],
  ['everything', 'terms-refused', { terms: { actions: ['*'] } }],
  ['an action that does not exist', 'terms-refused', { terms: { actions: ['s3:Frobnicate'] } }],
  ['no action', 'terms-refused', { terms: { actions: [] } }],
  ['no resource', 'terms-refused', { terms: { resources: [] } }],
  ['a resource that is no ARN', 'terms-refused', { terms: { resources: ['reports'] } }],
  ['a policy variable', 'terms-refused', { terms: { resources: [['arn:aws:s3:::', '{aws:username}/*'].join('$')] } }],
  ['too long', 'terms-refused', { terms: { duration: 8 * 3600 + 1 } }],
  ['too short', 'terms-refused', { terms: { duration: 299 } }],
  ['half a second', 'terms-refused', { terms: { duration: 3600.5 } }],
  ['no reason', 'terms-refused', { terms: { reason: '  ' } }],
  ['writing IAM', 'not-yet-decidable', { terms: { actions: ['iam:AttachRolePolicy'] } }],
  ['passing a role', 'not-yet-decidable', { terms: { actions: ['iam:PassRole'] } }],
  ['assuming a role', 'not-yet-decidable', { terms: { actions: ['sts:AssumeRole'] } }],
  ['credentials that outlive it', 'not-yet-decidable', { terms: { actions: ['sts:GetFederationToken'] } }],
  ['opening a bucket to others', 'not-yet-decidable', { terms: { actions: ['s3:PutBucketPolicy'] } }],
  ['a role of nobody in particular', 'not-yet-decidable', { carrier: { ...carrier, tags: {} } }],
  ['a role of somebody else', 'terms-refused', { carrier: { ...carrier, tags: { 'leastwise:beneficiary': 'ben' } } }],
  ['somebody else’s user', 'not-yet-decidable', { carrier: { ...user, arn: `${user.arn}2` } }],
  ['break-glass', 'target-excluded', { carrier: { ...carrier, arn: limits.breakGlass[0]! } }],
  [
    'a service’s role',
    'target-excluded',
    { carrier: { ...carrier, arn: 'arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/Y' } },
  ],
  [
    'one of our own',
    'target-excluded',
    { carrier: { ...carrier, arn: 'arn:aws:iam::111122223333:role/leastwise/lend' } },
  ],
  [
    'Identity Center’s role',
    'not-yet-decidable',
    {
      carrier: { ...carrier, arn: 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_1' },
    },
  ],
  [
    'no room',
    'terms-refused',
    { carrier: { ...carrier, inline: [{ name: 'w', arn: null, text: 'x'.repeat(10_000) }] } },
  ],
])('%s is refused: %s', (_title, reason, change) => {
  const made = ask(change);
  expect(made).toMatchObject({ ok: false, error: { reason } });
  if (!made.ok) expect(made.error.detail).toMatch(/^\S.*\.$/);
});

test('P5: an extension that would go on past the longest total is refused, to the second', () => {
  const at = instantAt(1_750_000_000);
  const from = (until: number) => ({
    terms: { extends: { lease: 'x0', since: instantAt(1_749_990_000), until: instantAt(until) } },
    at,
  });
  expect(ask(from(1_750_003_600)).ok).toBe(true);
  expect(ask(from(1_750_003_599))).toMatchObject({ ok: false, error: { reason: 'terms-refused' } });
});
