import type { PrincipalId } from '../../../core/identity/principal.ts';
import { usedOfLent, usedUnderSet } from '../../../core/leases/used.ts';
import type { Day, Instant } from '../../../core/time.ts';
import type { LedgerItem } from '../../../core/usage/item.ts';
import { sampleLease } from '../../adapters/slack/samples.ts';

const lease = sampleLease({
  startsAt: '2026-03-01T22:00:00Z' as Instant,
  revokedAt: '2026-03-02T01:00:00Z' as Instant,
});
const item = (action: string, days: readonly string[], over: Partial<LedgerItem> = {}): LedgerItem => ({
  v: 1,
  principal: 'AROAEXAMPLEEXAMPLE00' as PrincipalId,
  actor: 'federated:AWSReservedSSO/ana' as never,
  kind: 'action',
  action,
  outcome: 'used',
  value: null,
  arn: lease.carrier,
  entries: new Map([
    ['', { trust: 'told' as never, first: {} as never, last: days.at(-1) as Day, days: days as Day[], returns: [] }],
  ]),
  overflow: false,
  ...over,
});
const lent = ['s3:GetObject', 's3:PutObject', 'ec2:RunInstances'];

test.each([
  ['on a day of the lease', [item('s3:GetObject', ['2026-01-01', '2026-03-02'])], ['s3:GetObject']],
  ['in another spelling', [item('S3:getobject', ['2026-03-01'])], ['s3:GetObject']],
  ['before or after it only', [item('s3:GetObject', ['2026-02-28', '2026-03-03'])], []],
  ['by another carrier', [item('s3:GetObject', ['2026-03-01'], { arn: 'arn:aws:iam::1:role/other' })], []],
  ['in vain', [item('s3:GetObject', ['2026-03-01'], { outcome: 'denied' })], []],
  ['though it was not lent', [item('s3:DeleteObject', ['2026-03-01'])], []],
] as const)('what was used %s', (_, items, used) => {
  expect(usedOfLent(lease, lent, items)).toEqual(used);
});

test('of a permission set counts what was used as its role in its account', () => {
  const role = (account: string, set: string) =>
    `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_${set}_0123456789abcdef`;
  const under = (action: string, arn: string) => item(action, ['2026-03-01'], { arn });
  const items = [
    under('s3:GetObject', role('111122223333', 'Repair')),
    under('s3:GetObject', role('111122223333', 'Repair')),
    under('ec2:RunInstances', role('444455556666', 'Repair')),
    under('s3:PutObject', role('111122223333', 'Repairs')),
    under('s3:ListBucket', 'arn:aws:iam::111122223333:role/AWSReservedSSO_Repair_0123456789abcdef'),
    under('s3:PutObject', 'arn:aws:iam::111122223333:role/Repair'),
  ];
  expect(usedUnderSet({ ...lease, carrier: 'set:111122223333/Repair' }, items)).toEqual([
    's3:GetObject',
    's3:ListBucket',
  ]);
});
