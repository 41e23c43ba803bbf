import { verifyChain } from '../../core/audit/chain.ts';
import { settingsId } from '../../core/changes/settings.ts';
import { type Turn, turnDigest } from '../../core/changes/turn.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import { switchApplying, switchKill } from '../../usecases/switch-applying.ts';
import { account, changeWorld, configuration, settle } from './change-world.ts';

const settingsOf = async (world: Awaited<ReturnType<typeof changeWorld>>) => world.state.settings.find(settingsId);

test('a new system applies nothing until an approver of the account says so', async () => {
  const world = await changeWorld({ applying: false });
  expect(await settingsOf(world)).toBeUndefined();
  const turn = switchApplying(world.deps);
  expect(await turn({ by: 'dan', account, on: true })).toEqual({ ok: false, error: 'not-an-approver' });
  expect(await turn({ by: 'eve', account, on: true })).toEqual({ ok: false, error: 'unknown-person' });
  expect(await turn({ by: 'ben', account: '1', on: true })).toEqual({ ok: false, error: 'unknown-account' });
  expect(await settingsOf(world)).toMatchObject({ applying: [] });
  expect(await turn({ by: 'ben', account, on: true })).toMatchObject({ ok: true, value: { applying: [account] } });
});

test('anybody known may stop everything; letting it go on is for approvers', async () => {
  const world = await changeWorld();
  expect(await switchKill(world.deps)({ by: 'dan', killed: true })).toMatchObject({
    ok: true,
    value: { killed: true },
  });
  expect(await switchKill(world.deps)({ by: 'dan', killed: false })).toEqual({ ok: false, error: 'not-an-approver' });
  expect(await switchKill(world.deps)({ by: 'eve', killed: false })).toEqual({ ok: false, error: 'unknown-person' });
  expect(await settingsOf(world)).toMatchObject({ killed: true });
  expect(await switchKill(world.deps)({ by: 'ben', killed: false })).toMatchObject({
    ok: true,
    value: { killed: false },
  });
});

test('every turn and every refusal is told once, and turning to where it stands is not', async () => {
  const world = await changeWorld();
  await switchApplying(world.deps)({ by: 'ben', account, on: true });
  await switchApplying(world.deps)({ by: 'dan', account, on: false });
  await switchKill(world.deps)({ by: 'eve', killed: true });
  await settle(world);
  const events = await world.archive.chain('settings', settingsId);
  expect(events.map(({ type, by }) => `${type} ${by}`)).toEqual([
    'settings.applying-on ben',
    'settings.applying-off dan',
    'settings.refused eve',
  ]);
  expect(verifyChain(events, (await settingsOf(world))?.audit)).toEqual([]);
});

test('two who turn it at once are both heard', async () => {
  const world = await changeWorld({ applying: false });
  const two = { ...configuration, accounts: [...configuration.accounts, { id: '444455556666', name: 'other' }] };
  const turn = switchApplying({ ...world.deps, configuration: two });
  await Promise.all([turn({ by: 'ben', account, on: true }), turn({ by: 'cyd', account: '444455556666', on: true })]);
  expect(await settingsOf(world)).toMatchObject({ applying: [account, '444455556666'], version: 2 });
});

test('above the bound both are turned on by a session of AWS alone, once each', async () => {
  const world = await changeWorld({ applying: false });
  const deps = { ...world.deps, configuration: { ...configuration, confirmAbove: 'low' as const } };
  const on = { by: 'ben', account, on: true };
  const proof = async (turn: Turn) => ({
    actor: 'federated:store/ben' as ActorId,
    digest: turnDigest(turn, (await settingsOf(world)) ?? { version: 0 }),
  });
  expect(await switchApplying(deps)(on)).toEqual({ ok: false, error: 'not-confirmed' });
  const confirmation = await proof({ what: 'apply-on', account });
  const others = { ...confirmation, actor: 'federated:store/cyd' as ActorId };
  expect(await switchApplying(deps)({ ...on, confirmation: others })).toEqual({ ok: false, error: 'not-confirmed' });
  const again = await proof({ what: 'apply-on', account });
  expect(await switchApplying(deps)({ ...on, confirmation: again })).toMatchObject({ ok: true });
  expect(await switchApplying(deps)({ ...on, on: false })).toMatchObject({ ok: true });
  expect(await switchApplying(deps)({ ...on, confirmation: again })).toEqual({ ok: false, error: 'not-confirmed' });
  await switchKill(deps)({ by: 'dan', killed: true });
  expect(await switchKill(deps)({ by: 'ben', killed: false })).toEqual({ ok: false, error: 'not-confirmed' });
  const resume = await proof({ what: 'resume' });
  expect(await switchKill(deps)({ by: 'ben', killed: false, confirmation: resume })).toMatchObject({ ok: true });
});
