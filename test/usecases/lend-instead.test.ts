import { answerDigest } from '../../core/anomaly/answerable.ts';
import type { Case } from '../../core/anomaly/case.ts';
import { verifyChain } from '../../core/audit/chain.ts';
import type { ActorId, PrincipalId } from '../../core/identity/principal.ts';
import { plusSeconds } from '../../core/time.ts';
import type { Outcome } from '../../core/usage/event.ts';
import type { Entry, LedgerItem } from '../../core/usage/item.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { lendInstead } from '../../usecases/lend-instead.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { sampleCase } from '../adapters/slack/samples.ts';
import {
  account,
  arnOf,
  builder,
  type ChangeWorld,
  changeWorld,
  configuration,
  delivered,
  oncall,
  settle,
} from './change-world.ts';

const ada = 'federated:store/ada' as ActorId;
const action = (name: string) => ({ kind: 'action', action: name }) as const;

async function world(over: Partial<Case> = {}, options: Parameters<typeof changeWorld>[0] = {}) {
  const it = await changeWorld(options);
  const told = sampleCase({ actor: ada, accounts: [account], first: [action('s3:GetObject')], ...over });
  await it.state.cases.commit(undefined, told, []);
  return { it, told };
}

const carrying = (deps: ChangeWorld['deps']) => lendInstead({ ...deps, requestAccess: requestAccess(deps) });
const click = (it: ChangeWorld, told: Case, by: string, key = `click of ${by}`) =>
  carrying(it.deps)({ case: told.id, by, digest: answerDigest(told), key });
const chainOf = async (it: ChangeWorld, told: Case) => {
  await settle(it);
  return (await it.archive.chain('case', told.id)).map(({ type, by, data }) => [type, by, data.refusal]);
};

test('a click asks for what was used, for whoever used it, and decides nothing', async () => {
  const { it, told } = await world();
  expect(await click(it, told, 'ben')).toMatchObject({
    ok: true,
    value: {
      state: 'planned',
      requester: 'ben',
      beneficiary: 'ada',
      plan: { target: oncall, terms: { actions: ['s3:GetObject'], resources: ['*'], duration: 7200 } },
    },
  });
  expect(await it.state.cases.find(told.id)).toMatchObject({ state: 'open', lending: { by: 'ben' }, version: 2 });
  expect(await it.state.verdicts.ofActor(ada)).toEqual([]);
  expect(it.writes).toEqual([]);
  expect(await chainOf(it, told)).toEqual([['case.lending-asked', 'ben', undefined]]);
});

test('neither whoever clicked nor whoever gets it may decide, and somebody else may', async () => {
  const { it, told } = await world();
  const asked = await click(it, told, 'ben');
  if (!asked.ok) throw new Error(asked.error);
  const decide = (by: string) =>
    decideChange(it.deps)({ change: asked.value.id, by, verdict: 'approve', digest: asked.value.digest });
  expect(await decide('ben')).toEqual({ ok: false, error: 'self-approval' });
  expect(await decide('ada')).toEqual({ ok: false, error: 'self-approval' });
  expect(await decide('cyd')).toMatchObject({ ok: true, value: { state: 'approved' } });
});

test('one case is asked to be lent once; the second click is refused and kept', async () => {
  const { it, told } = await world();
  await click(it, told, 'ben');
  for (let i = 0; i < 2; i += 1) expect(await click(it, told, 'cyd')).toEqual({ ok: false, error: 'asked-already' });
  expect(await it.state.changes.list(10)).toHaveLength(1);
  expect(await chainOf(it, told)).toEqual([
    ['case.lending-asked', 'ben', undefined],
    ['case.lending-refused', 'cyd', 'asked-already'],
  ]);
});

test.each<[string, string, Partial<Case>]>([
  ['unknown-person', 'eve', {}],
  ['not-pending', 'ben', { state: 'expected' }],
  ['nobody-to-lend-to', 'ben', { actor: builder as ActorId }],
  ['nothing-to-lend', 'ben', { first: [action('iam:CreateUser'), action('sign-in:ConsoleLogin')] }],
  ['no-carrier', 'ada', { actor: 'federated:store/ben' as ActorId }],
  ['no-carrier', 'ben', { accounts: ['999988887777'] }],
  ['no-carrier', 'ben', { accounts: [account, '999988887777'] }],
])('refuses with %s, asks for nothing and keeps the click', async (refusal, by, over) => {
  const { it, told } = await world(over);
  expect(await click(it, told, by)).toEqual({ ok: false, error: refusal });
  expect(await it.state.changes.list(10)).toEqual([]);
  expect(await chainOf(it, told)).toEqual([['case.lending-refused', by, refusal]]);
});

test('a case that has grown since it was shown is not asked for', async () => {
  const { it, told } = await world();
  const grown = { ...told, version: 2, first: [...told.first, action('s3:PutObject')] };
  await it.state.cases.commit(told, grown, []);
  expect(await click(it, told, 'ben')).toEqual({ ok: false, error: 'digest-mismatch' });
});

test('a case that is gone is said to be gone', async () => {
  const { it } = await world();
  expect(await click(it, sampleCase({ id: 'gone' as Case['id'] }), 'ben')).toEqual({
    ok: false,
    error: 'no-such-case',
  });
});

const erin = 'federated:arn:aws:identitystore::111122223333:identitystore/d-1/u-1' as ActorId;

test.each<[string, ActorId, boolean, string]>([
  ["a person's own user", arnOf('user', 'cyd') as ActorId, false, arnOf('user', 'cyd')],
  ['a role of its own, where they may be made', erin, true, `arn:aws:iam::${account}:role/leastwise/`],
])('is carried by %s', async (_, actor, leaseRoles, target) => {
  const { it, told } = await world({ actor });
  const more = { id: 'erin', name: 'erin', slack: { team: 'T1', user: 'U-erin' }, actors: [erin] };
  const settings = { ...configuration, people: [...configuration.people, more], deployment: { leaseRoles } };
  const asking = { case: told.id, by: 'ben', digest: answerDigest(told), key: 'k' };
  expect(await carrying({ ...it.deps, configuration: settings })(asking)).toMatchObject({
    ok: true,
    value: { state: 'planned', plan: { target: expect.stringContaining(target) } },
  });
});

describe('the scope', () => {
  const thing = (name: string, of: string, time = sampleCase().from, outcome: Outcome = 'used'): LedgerItem => ({
    v: 1,
    principal: 'AIDAEXAMPLE' as PrincipalId,
    actor: ada,
    kind: 'resource',
    action: name,
    outcome,
    value: null,
    arn: null,
    entries: new Map([[of, { first: { time } } as Entry]]),
    overflow: false,
  });
  const termsWith = async (items: readonly LedgerItem[]) => {
    const { it, told } = await world({ first: [action('s3:GetObject'), action('s3:PutObject')] });
    const deps = { ...it.deps, ledger: { ...it.deps.ledger, itemsOfPrincipal: async () => items } };
    const asked = await carrying(deps)({ case: told.id, by: 'ben', digest: answerDigest(told), key: 'k' });
    return asked.ok ? asked.value.plan.terms : asked.error;
  };

  test('is what was touched then, and leaves out what is not known to have touched anything', async () => {
    const before = plusSeconds(sampleCase().from, -60);
    const items = [thing('s3:GetObject', 'arn:aws:s3:::a/x'), thing('s3:PutObject', 'arn:aws:s3:::b/y', before)];
    expect(await termsWith(items)).toMatchObject({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/x'] });
  });

  test('leaves out what was only denied, and is nothing where that is all', async () => {
    const row = (name: string, outcome: Outcome): LedgerItem => ({
      ...thing(name, '', undefined, outcome),
      kind: 'action',
    });
    const put = row('s3:PutObject', 'denied');
    expect(await termsWith([row('s3:GetObject', 'used'), row('s3:GetObject', 'denied'), put])).toMatchObject({
      actions: ['s3:GetObject'],
    });
    const secret = thing('s3:GetObject', 'arn:aws:s3:::a/x', undefined, 'denied');
    expect(await termsWith([row('s3:GetObject', 'used'), secret])).toMatchObject({ resources: ['*'] });
    expect(await termsWith([row('s3:GetObject', 'denied'), put])).toBe('nothing-to-lend');
  });

  test('never takes what somebody else touched', async () => {
    const other = { ...thing('s3:GetObject', 'arn:aws:s3:::a/x'), actor: builder as ActorId };
    expect(await termsWith([other])).toMatchObject({ actions: ['s3:GetObject', 's3:PutObject'], resources: ['*'] });
  });
});

test('cut off at any await and delivered again, a click asks once', async () => {
  const whole = await world();
  await click(whole.it, whole.told, 'ben');
  for (let call = 0; call < whole.it.broken.calls(); call += 1) {
    for (const when of ['before', 'after'] as const) {
      const { it, told } = await world({}, { faults: new Map([[call, when]]) });
      expect(await delivered(() => click(it, told, 'ben'))).toMatchObject({ ok: true, value: { state: 'planned' } });
      const now = (await it.state.cases.find(told.id))!;
      const changes = await it.state.changes.list(10);
      expect(changes.map(({ id }) => id)).toEqual([now.lending?.change]);
      expect(await chainOf(it, told)).toEqual([['case.lending-asked', 'ben', undefined]]);
      expect(verifyChain(await it.archive.chain('case', told.id), now.audit)).toEqual([]);
    }
  }
});
