import { askAccess } from '../../usecases/ask-access.ts';
import { extendLease } from '../../usecases/extend-lease.ts';
import type { AccessRequest } from '../../usecases/request-access.ts';
import { tellStatus } from '../../usecases/tell-status.ts';
import { lendingPlan, sampleChange, sampleLease } from '../adapters/slack/samples.ts';
import { inventoryOf, principal } from '../synth/own-roles/resolved.ts';

const account = '111122223333';
const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::logs/*' }],
});
const inventory = inventoryOf(account, [
  principal(account, 'ana', { policies: [policy] }),
  principal(account, 'ben', {}),
]);
const ask = askAccess({
  inventories: { read: async (id) => (id === account ? inventory : undefined) },
  organizations: { read: async () => undefined },
  configuration: { accounts: [{ id: account, name: 'shop' }] },
});
const ana = `arn:aws:iam::${account}:user/ana`;

test('who can is answered from the inventory, and says what was left out', async () => {
  const words = await ask({ principal: null, action: 's3:GetObject', resource: 'arn:aws:s3:::logs/today' });
  expect(words).toContain(`${ana} s3:GetObject`);
  expect(words).not.toContain('user/ben');
  expect(words).toContain('service control policies');
});

test.each([
  [ana, 's3:GetObject', 'arn:aws:s3:::logs/today', /^s3:GetObject: (?!no)/],
  [ana, 's3:PutObject', 'arn:aws:s3:::logs/today', /^s3:PutObject: no/],
  ['arn:aws:iam::111122223333:user/zoe', 's3:GetObject', '*', /is not in the inventory/],
  [ana, 's3:Nothing', '*', /^s3:Nothing: no/],
  [ana, 's3:*', '*', /please ask about 10 at most/],
])('can %s %s on %s', async (who, action, resource, words) => {
  expect(await ask({ principal: who, action, resource })).toMatch(words);
});

test('status names what is lent and what waits, and says so where there is nothing', async () => {
  const waiting = sampleChange(lendingPlan, { requester: 'ana' });
  const told = tellStatus({
    leases: {
      list: async () => [sampleLease(), sampleLease({ state: 'closed' }), sampleLease({ beneficiary: 'ben' })],
    },
    changes: { list: async () => [waiting, sampleChange(lendingPlan, { requester: 'ben' })] },
  });
  expect((await told({ id: 'ana' })).split('\n')).toEqual([
    'Lease l1 on arn:aws:iam::111122223333:role/ana: active, ends 2026-03-01T13:30:00Z',
    'Waiting: lending change-1 on arn:aws:iam::111122223333:role/ana, until 2026-03-02T12:00:00Z',
  ]);
  expect(await told({ id: 'zoe' })).toMatch(/^Nothing is lent to you/);
});

describe('an extension', () => {
  const asked: AccessRequest[] = [];
  const extend = extendLease({
    leases: { find: async (id) => (id === 'l1' ? sampleLease() : undefined) },
    configuration: { lending: { maxHours: 1 } },
    requestAccess: async (request) => {
      asked.push(request);
      return sampleChange(lendingPlan);
    },
  });

  test('asks for the same lease to go on, for as long again, as far as one loan may be', async () => {
    expect((await extend({ lease: 'l1', by: 'ana', key: 'k' })).ok).toBe(true);
    expect(asked).toMatchObject([{ by: 'ana', beneficiary: 'ana', duration: 3600, extends: 'l1', key: 'k' }]);
  });

  test('is nobody else’s to ask for', async () => {
    expect(await extend({ lease: 'l1', by: 'ben', key: 'k' })).toEqual({ ok: false, error: 'not-yours' });
    expect(await extend({ lease: 'l9', by: 'ana', key: 'k' })).toEqual({ ok: false, error: 'no-such-lease' });
    expect(asked).toHaveLength(1);
  });
});
