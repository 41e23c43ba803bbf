import { verifyChain } from '../../core/audit/chain.ts';
import { digestToDecide } from '../../core/changes/digest.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { requestUndo } from '../../usecases/request-undo.ts';
import {
  account,
  arnOf,
  changeWorld,
  configuration,
  later,
  loan,
  oncall,
  people,
  planRightsizing,
  settle,
} from './change-world.ts';

test('a request waits for its decision, and asking twice asks once', async () => {
  const world = await changeWorld();
  const first = await requestAccess(world.deps)(loan);
  expect(first).toMatchObject({ state: 'planned', requester: 'ada', beneficiary: 'ada', plan: { target: oncall } });
  expect(await requestAccess(world.deps)({ ...loan, duration: 7200 })).toEqual(first);
  expect(await requestAccess(world.deps)({ ...loan, key: 'inbox-2' })).not.toMatchObject({ id: first.id });
});

test.each([
  ['terms-refused', { actions: ['s3:*'] }],
  ['terms-refused', { by: 'eve' }],
  ['terms-refused', { beneficiary: 'eve' }],
  ['terms-refused', { duration: Number.NaN }],
  ['terms-refused', { beneficiary: 'ben' }],
  ['not-yet-decidable', { target: arnOf('role', 'unknown') }],
  ['not-yet-decidable', { target: 'arn:aws:iam::111122223333:root' }],
] as const)('what cannot be lent is %s, in words and in the audit: %j', async (reason, part) => {
  const world = await changeWorld();
  const change = await requestAccess(world.deps)({ ...loan, ...part });
  expect(change).toMatchObject({ state: 'refused', refusal: { reason }, plan: { edits: [] } });
  await settle(world);
  const events = await world.archive.chain('change', change.id);
  expect(events.map(({ type, data }) => [type, data.reason])).toEqual([['change.refused', reason]]);
  expect(verifyChain(events, change.audit)).toEqual([]);
  expect(
    await decideChange(world.deps)({ change: change.id, by: 'ben', verdict: 'approve', digest: change.digest }),
  ).toEqual({
    ok: false,
    error: 'not-pending',
  });
  expect(world.writes).toEqual([]);
});

test('whoever asked is still a party under another name', async () => {
  const world = await changeWorld();
  const { id, digest } = await requestAccess(world.deps)(loan);
  const ada = people[0]!;
  const renamed = { ...ada, id: 'ada-2', slack: { team: 'T1', user: 'U-new' } };
  const rules = [{ name: 'all', approvers: ['ada-2'], quorum: 1 }];
  const deps = { ...world.deps, configuration: { ...configuration, rules, people: [renamed, ...people.slice(1)] } };
  const decided = await decideChange(deps)({ change: id, by: 'ada-2', verdict: 'approve', digest });
  expect(decided).toEqual({ ok: false, error: 'self-approval' });
});

test('a click that comes too late lapses the request, once', async () => {
  const world = await changeWorld();
  const { id, digest } = await requestAccess(world.deps)(loan);
  later(world, 24 * 3600 + 1);
  const click = () => decideChange(world.deps)({ change: id, by: 'ben', verdict: 'approve', digest, key: 'click-1' });
  expect(await click()).toEqual({ ok: false, error: 'lapsed' });
  expect(await click()).toMatchObject({ ok: false });
  expect(await world.state.changes.find(id)).toMatchObject({ state: 'lapsed', version: 2 });
});

describe('an undo', () => {
  async function verified() {
    const world = await changeWorld();
    const id = await planRightsizing(world);
    const decide = async (by: string, digest?: string) => {
      const change = (await world.state.changes.find(id))!;
      return decideChange(world.deps)({ change: id, by, verdict: 'approve', digest: digest ?? digestToDecide(change) });
    };
    for (const by of ['ben', 'cyd']) await decide(by);
    await settle(world);
    return { world, id, decide };
  }

  test('is not decided by whoever asked for it, nor by a click on the message of the plan', async () => {
    const { world, id, decide } = await verified();
    const { digest } = (await world.state.changes.find(id))!;
    await requestUndo(world.deps)({ change: id, by: 'ben', reason: 'it broke' });
    expect(await decide('ben')).toEqual({ ok: false, error: 'self-approval' });
    expect(await decide('ada', digest)).toEqual({ ok: false, error: 'digest-mismatch' });
    expect(await decide('ada')).toMatchObject({ ok: true, value: { state: 'undo-planned' } });
    expect(await decide('cyd')).toMatchObject({ ok: true, value: { state: 'undo-approved' } });
  });

  test('that nobody decides lapses, and may be asked for again under a new digest', async () => {
    const { world, id, decide } = await verified();
    const ask = () => requestUndo(world.deps)({ change: id, by: 'ben', reason: 'it broke' });
    const first = await ask();
    later(world, 24 * 3600 + 1);
    expect(await decide('ada')).toEqual({ ok: false, error: 'lapsed' });
    expect(await world.state.changes.find(id)).toMatchObject({ state: 'verified' });
    const second = await ask();
    if (!first.ok || !second.ok) throw new Error('not asked');
    expect(digestToDecide(second.value)).not.toBe(digestToDecide(first.value));
  });

  test('is asked for only where something is applied, by somebody known, and never of a lease', async () => {
    const { world, id } = await verified();
    const ask = (change: string, by: string) => requestUndo(world.deps)({ change, by, reason: 'r' });
    expect(await ask('chg-none', 'ben')).toEqual({ ok: false, error: 'no-such-change' });
    expect(await ask(id, 'eve')).toEqual({ ok: false, error: 'unknown-person' });
    const request = await requestAccess(world.deps)(loan);
    expect(await ask(request.id, 'ben')).toEqual({ ok: false, error: 'is-a-lease' });
    const other = await planRightsizing(world, 'chg-other');
    for (let i = 0; i < 2; i += 1) expect(await ask(other, 'ben')).toEqual({ ok: false, error: 'not-verified' });
    expect(await world.state.changes.find(other)).toMatchObject({ state: 'planned', version: 2 });
  });
});

test('what every rule that matches names harmless is lent without asking anybody, and judged again when it is applied', async () => {
  const world = await changeWorld();
  const rules = [
    {
      name: 'reading',
      kinds: ['lending' as const],
      approvers: ['ben'],
      quorum: 1,
      harmless: ['metadata-read' as const],
    },
  ];
  const deps = { ...world.deps, configuration: { ...configuration, rules } };
  const reading = { ...loan, actions: ['s3:GetBucketLocation'], resources: ['arn:aws:s3:::reports'] };
  const change = await requestAccess(deps)(reading);
  expect(change).toMatchObject({ state: 'approved', decisions: [{ by: 'rules', rule: 'harmless' }] });
  expect(await requestAccess(deps)(reading)).toEqual(change);
  expect(await requestAccess(deps)({ ...reading, key: 'w', actions: ['s3:PutObject'] })).toMatchObject({
    state: 'planned',
  });
  expect(await applyChange(world.deps)(change.id)).toEqual({ ok: false, error: 'no-longer-approved' });
  const again = await requestAccess(deps)({ ...reading, key: 'again' });
  expect(await applyChange(deps)(again.id)).toMatchObject({ ok: true, value: { state: 'verified' } });
});

test('what rules ask about is in the digest: the tags that they name, and the units of the account', async () => {
  const world = await changeWorld();
  const rules = [
    { name: 'tagged', approvers: ['ben'], quorum: 1, tags: { 'leastwise:beneficiary': '*' }, units: ['Production'] },
  ];
  const accounts = [{ id: account, name: 'test', units: ['Production'] }];
  const deps = { ...world.deps, configuration: { ...configuration, rules, accounts } };
  const change = await requestAccess(deps)(loan);
  expect(change.plan.terms).toMatchObject({
    about: { tags: { 'leastwise:beneficiary': 'ada' }, units: ['Production'] },
  });
  const click = { change: change.id, by: 'ben', verdict: 'approve' as const, digest: change.digest };
  expect(await decideChange(deps)(click)).toMatchObject({ ok: true, value: { state: 'approved' } });
  const elsewhere = {
    ...deps,
    configuration: { ...deps.configuration, accounts: [{ ...accounts[0]!, units: ['Sandbox'] }] },
  };
  const other = await requestAccess(elsewhere)({ ...loan, key: 'other' });
  expect(await decideChange(elsewhere)({ ...click, change: other.id, digest: other.digest })).toEqual({
    ok: false,
    error: 'no-matching-rule',
  });
});
