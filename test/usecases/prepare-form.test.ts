import type { Person } from '../../core/approvals/rules.ts';
import type { ActorId, PrincipalId } from '../../core/identity/principal.ts';
import { deniedCalls } from '../../core/leases/denied-calls.ts';
import { peersUse } from '../../core/leases/peers-use.ts';
import type { EarlierLoan } from '../../core/leases/purpose.ts';
import type { Day, Instant } from '../../core/time.ts';
import type { LedgerItem } from '../../core/usage/item.ts';
import { listDenials } from '../../usecases/list-denials.ts';
import { peersUseOf } from '../../usecases/peers-of.ts';
import { type PrepareFormDeps, prepareForm } from '../../usecases/prepare-form.ts';
import { sampleCase } from '../adapters/slack/samples.ts';
import { allow, deny, home, organizationFrom, policy, user } from '../core/access/world.ts';

const amy = `arn:aws:iam::${home}:user/amy`;
const boundary = `arn:aws:iam::${home}:policy/boundary`;
const organization = organizationFrom({
  details: {
    UserDetailList: [
      user('amy', { own: policy(allow('s3:ListBucket')) }),
      user('bound', {}, { PermissionsBoundary: { PermissionsBoundaryArn: boundary } }),
    ],
    RoleDetailList: [],
    Policies: [
      {
        Arn: boundary,
        PolicyName: 'boundary',
        PolicyVersionList: [{ IsDefaultVersion: true, Document: policy(allow('ec2:*')) }],
      },
    ],
  },
  tree: {
    v: 1,
    id: 'o-a1b2c3d4e5',
    managementAccount: '999999999999',
    policies: [{ id: 'p-nodelete', name: 'NoDelete', document: policy(deny('s3:DeleteObject')) }],
    root: {
      id: 'r-ab12',
      units: [{ id: 'ou-ab12-x', scps: ['p-FullAWSAccess', 'p-nodelete'], accounts: [{ id: home }] }],
    },
  },
  resources: [],
});

const used = (
  kind: 'action' | 'resource',
  action: string,
  value: string,
  outcome: LedgerItem['outcome'],
  arn = amy,
) => {
  const first = { time: '2026-03-01T10:00:00Z' as Instant } as never;
  const last = '2026-03-01' as Day;
  const entry = { trust: 'fast-lane' as const, first, last, days: [last], returns: [] };
  const entries = new Map([[value, entry]]);
  const key = { principal: arn as PrincipalId, actor: arn as ActorId, kind, action, outcome, value: null };
  return { v: 1, ...key, arn, entries, overflow: false } satisfies LedgerItem;
};
const ofDenied = (action: string, thing?: string, arn = amy): LedgerItem[] => [
  used('action', action, '', 'denied', arn),
  ...(thing ? [used('resource', action, thing, 'denied', arn)] : []),
];

const person: Person = { id: 'amy', name: 'Amy', slack: { team: 'T1', user: 'U1' }, actors: [amy as ActorId] };

function desk(items: readonly LedgerItem[], over: Partial<PrepareFormDeps> = {}) {
  const deps = {
    inventories: { read: async () => organization.inventories[0] },
    organizations: { read: async () => ({ tree: organization.tree!, parts: [] }) },
    ledger: { itemsOfActor: async () => items },
    configuration: { accounts: [{ id: home, name: 'shop' }], lending: { maxHours: 8 } },
    cases: { find: async () => undefined },
    earlierLoans: async () => [],
    peersUse: async () => undefined,
  };
  const denials = listDenials(deps);
  return { denials, prepare: prepareForm({ ...deps, listDenials: denials, ...over }) };
}

const values = (choices: readonly { value: string }[]) => choices.map(({ value }) => value);

test('a denied call becomes the smallest grant that would have allowed it, where it was denied', async () => {
  const { denials, prepare } = desk(ofDenied('s3:GetObject', 'arn:aws:s3:::ours/report'));
  const [{ call, obstacle } = { call: { id: '' }, obstacle: '' }] = await denials(person);
  expect(obstacle).toBeNull();
  const form = await prepare(person, { kind: 'denial', id: call.id });
  if (typeof form === 'string' || 'denials' in form) throw new Error('no form');
  expect(values(form.actions)).toEqual(['s3:GetObject']);
  expect(values(form.resources)).toEqual(['arn:aws:s3:::ours/report']);
  expect(form.carrier?.value).toBe(amy);
  expect(form.reason).toBe('s3:GetObject was denied on 2026-03-01');
});

test.each([
  [
    'an SCP that denies it',
    ofDenied('s3:DeleteObject', 'arn:aws:s3:::ours/a'),
    /service control policy denies it; no grant can help/,
  ],
  [
    'a boundary that does not allow it',
    ofDenied('sqs:ListQueues', undefined, `arn:aws:iam::${home}:user/bound`),
    /permissions boundary does not allow it; no loan/,
  ],
  ['what is never lent', ofDenied('iam:CreateUser'), /never lent/],
])('%s is said instead of a form', async (_, items, words) => {
  const { denials, prepare } = desk(items);
  const [denial] = await denials(person);
  expect(denial?.obstacle).toMatch(words);
  expect(await prepare(person, { kind: 'denial', id: denial!.call.id })).toMatch(words);
});

test('a loan in another account than that of the denial is said not to help there', async () => {
  const elsewhere = 'arn:aws:iam::444455556666:role/app';
  const { denials, prepare } = desk(ofDenied('s3:GetObject', 'arn:aws:s3:::ours/a', elsewhere));
  const [denial] = await denials(person);
  expect(denial?.why).toMatch(/not in the inventory/);
  expect(await prepare(person, { kind: 'denial', id: denial!.call.id })).toMatchObject({
    notes: expect.arrayContaining([expect.stringMatching(/does not help there/)]),
  });
});

test('nobody asks for what somebody else was denied', async () => {
  const { prepare } = desk(ofDenied('s3:GetObject'));
  expect(await prepare(person, { kind: 'denial', id: 'another' })).toMatch(/^Only whoever was denied/);
  const reasons = [{ ...sampleCase().reasons[0]!, kind: 'denied', facet: { kind: 'action', action: 's3:GetObject' } }];
  const told = (actor: string) => ({
    find: async () => sampleCase({ actor: actor as ActorId, reasons: reasons as never }),
  });
  const theirs = desk(ofDenied('s3:GetObject'), { cases: told('arn:aws:iam::111122223333:user/other') });
  expect(await theirs.prepare(person, { kind: 'case', id: 'c' })).toMatch(/^Only whoever was denied/);
  const own = desk([...ofDenied('s3:GetObject', 'arn:aws:s3:::ours/a'), ...ofDenied('sqs:SendMessage')], {
    cases: told(amy),
  });
  expect(await own.prepare(person, { kind: 'case', id: 'c' })).toMatchObject({ actions: [{ value: 's3:GetObject' }] });
});

test('the list holds what was denied and is an action of IAM, each thing once, and nothing that was used', () => {
  const items = [
    ...ofDenied('s3:GetObject', 'arn:aws:s3:::ours/a'),
    ...ofDenied('sqs:SendMessage'),
    ...ofDenied('sign-in:ConsoleLogin'),
    ...ofDenied('unmapped:x/Y'),
    used('action', 's3:PutObject', '', 'used'),
  ];
  expect(
    deniedCalls(items)
      .map(({ action, resource }) => `${action} ${resource}`)
      .sort(),
  ).toEqual(['s3:GetObject arn:aws:s3:::ours/a', 'sqs:SendMessage *']);
});

describe('what peers used', () => {
  const orders = 'arn:aws:ecs:eu-central-1:111122223333:service/main/orders';
  const role = (name: string) =>
    `arn:aws:iam::${home}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_${name}_0123456789abcdef`;
  const uses = (arn: string, action: string, thing = orders) => used('resource', action, thing, 'used', arn);
  const own = [used('action', 's3:ListBucket', '', 'used', role('OnCall'))];

  test('on the thing that the reason names is proposed, what most of them used first', () => {
    const bob = [uses(role('OnCall'), 'ecs:UpdateService'), uses(role('OnCall'), 'ecs:DescribeServices')];
    const cy = [uses(role('OnCall'), 'ecs:UpdateService'), uses(role('OnCall'), 's3:GetObject', 'arn:aws:s3:::logs/x')];
    expect(peersUse('restart the orders service', own, [bob, cy])).toEqual({
      actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
      resources: [orders],
      peers: 2,
    });
  });

  test.each([
    ['by another kind of principal', 'orders', [uses(role('Admin'), 'ecs:UpdateService')]],
    ['on things that the reason does not name', 'the invoices', [uses(role('OnCall'), 'ecs:UpdateService')]],
    ['on things of the same kind only', 'restart the service', [uses(role('OnCall'), 'ecs:UpdateService')]],
    ['that is never lent', 'orders', [uses(role('OnCall'), 'iam:PutRolePolicy')]],
    ['and were denied', 'orders', ofDenied('ecs:UpdateService', orders, role('OnCall'))],
  ])('%s is not', (_, reason, items) => {
    expect(peersUse(reason, own, [items])).toBeUndefined();
  });

  test('fills the form in where nothing like it was lent', async () => {
    const people = [person, { ...person, id: 'bob', actors: ['federated:bob' as ActorId] }];
    const ledger = {
      itemsOfActor: async (actor: string) => (actor === amy ? own : [uses(role('OnCall'), 'ecs:UpdateService')]),
    };
    const { prepare } = desk([], { peersUse: peersUseOf({ ledger, configuration: { people } }) });
    const form = await prepare(person, { kind: 'blank', reason: 'orders are stuck' });
    expect(form).toMatchObject({ actions: [{ value: 'ecs:UpdateService' }], resources: [{ value: orders }] });
    expect(form).toMatchObject({ notes: [expect.stringMatching(/1 other person used/)] });
  });
});

describe('a reason', () => {
  const loan = (over: Partial<EarlierLoan>): EarlierLoan => ({
    reason: 'the nightly export failed again',
    beneficiary: 'bob',
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: ['arn:aws:s3:::export/*'],
    used: ['s3:GetObject'],
    ...over,
  });
  const formFor = async (reason: string, loans: readonly EarlierLoan[]) => {
    const form = await desk([], { earlierLoans: async () => loans }).prepare(person, { kind: 'blank', reason });
    if (typeof form === 'string' || 'denials' in form) throw new Error('no form');
    return form;
  };

  test('fills in what was used for such a reason before, not what was lent', async () => {
    const form = await formFor('nightly export failed', [
      loan({}),
      loan({ reason: 'rotate the certificates', used: ['acm:Foo'] }),
    ]);
    expect(values(form.actions)).toEqual(['s3:GetObject']);
    expect(values(form.resources)).toEqual(['arn:aws:s3:::export/*']);
    expect(form.notes[0]).toMatch(/1 loan to 1 person/);
  });

  test('fills in what was lent where nothing is known of its use', async () => {
    expect(values((await formFor('export failed', [loan({ used: [] })])).actions)).toEqual([
      's3:GetObject',
      's3:PutObject',
    ]);
    expect(values((await formFor('export failed', [loan({ used: null })])).actions)).toHaveLength(2);
  });

  test('that nothing like it was lent for leaves the form empty', async () => {
    for (const reason of ['', 'the', 'something else entirely', 'failed deployment of orders'])
      expect((await formFor(reason, [loan({})])).actions).toEqual([]);
  });
});
