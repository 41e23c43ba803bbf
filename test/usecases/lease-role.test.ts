import { questionAbout } from '../../core/access/organization.ts';
import { evaluate } from '../../core/access/reference/evaluate.ts';
import { createSituations } from '../../core/access/situations.ts';
import type { Person } from '../../core/approvals/rules.ts';
import { applyRefusal } from '../../core/changes/may-apply.ts';
import type { Configuration } from '../../core/configuration.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import type { Lease } from '../../core/leases/lease.ts';
import { type Instant, plusSeconds } from '../../core/time.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { endLease } from '../../usecases/end-lease.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { sweepLeases } from '../../usecases/sweep-leases.ts';
import { takeInventory } from '../../usecases/take-inventory.ts';
import { verifyLeases } from '../../usecases/verify-leases.ts';
import { account, changeWorld, configuration as common, later, loan, settle, people as some } from './change-world.ts';

const store = 'arn:aws:identitystore::111122223333:identitystore/d-1234567890';
const user = `arn:aws:iam::${account}:user/ada`;
const named = (id: string, ...actors: string[]): Person => ({
  ...some.find((person) => person.id === id)!,
  actors: actors as ActorId[],
});
const people = [named('ada', user, `federated:${store}/a-1`), ...some.filter(({ id }) => id !== 'ada')];
const configuration: Configuration = { ...common, people, deployment: { leaseRoles: true } };
const wish = { ...loan, target: `account:${account}` };

async function lent() {
  const world = await changeWorld();
  const deps = { ...world.deps, configuration };
  const { id, digest } = await requestAccess(deps)(wish);
  await decideChange(deps)({ change: id, by: 'ben', verdict: 'approve', digest });
  expect(await applyChange(deps)(id)).toMatchObject({ ok: true, value: { state: 'verified' } });
  const lease = (await world.state.leases.find(id.slice(4))) as Lease;
  return { world, deps, id, lease };
}

/** What of the world's account may do what, by the access engine. */
async function may(
  { iam, clock }: Awaited<ReturnType<typeof changeWorld>>,
  principal: string,
  action: string,
  resource: string,
  context: Readonly<Record<string, string>>,
) {
  const { inventory } = await iam.scan(account, clock.now);
  const boundary = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
  const managed = new Map([
    [`arn:aws:iam::${account}:policy/leastwise-lending-boundary`, { name: 'b', arn: null, text: boundary }],
  ]);
  const situation = createSituations({ inventories: [{ ...inventory, managed }], tree: null, resources: [] })({
    ...questionAbout(principal, action, resource),
    resourceAccount: account,
    context: new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value])),
    unknown: new Set(),
  });
  return evaluate(situation).outcome;
}

test('a role of its own is made for the lease, under its path and the boundary, and is active once it was read back', async () => {
  const { world, lease, id } = await lent();
  expect(lease).toMatchObject({
    state: 'active',
    carrier: `arn:aws:iam::${account}:role/leastwise/lease-${id.slice(4)}`,
  });
  const { inventory } = await world.iam.scan(account, world.clock.now);
  expect(inventory.principals.find(({ arn }) => arn === lease.carrier)).toMatchObject({
    path: '/leastwise/',
    boundary: `arn:aws:iam::${account}:policy/leastwise-lending-boundary`,
  });
});

test('that one person may assume it, as themselves and for this lease, until its end, and nobody else', async () => {
  const { world, lease } = await lent();
  const session = (part: Record<string, string> = {}, at: Instant = world.clock.now) => ({
    'aws:CurrentTime': at,
    'sts:SourceIdentity': 'ada',
    'aws:RequestTag/leastwise:lease': lease.id,
    ...part,
  });
  const assume = (principal: string, context: Record<string, string>) =>
    may(world, principal, 'sts:AssumeRole', lease.carrier, context);
  expect(await assume(user, session())).toBe('allowed');
  expect(await assume(user, session({ 'sts:SourceIdentity': 'ben' }))).not.toBe('allowed');
  expect(await assume(user, session({ 'aws:RequestTag/leastwise:lease': 'other' }))).not.toBe('allowed');
  expect(await assume(user, session({}, plusSeconds(lease.endsAt, -1)))).toBe('allowed');
  expect(await assume(user, session({}, lease.endsAt))).not.toBe('allowed');
  expect(await assume(`arn:aws:iam::${account}:user/ben`, session())).not.toBe('allowed');
  expect(lease.edit.after).toContain('"identitystore:UserId":"a-1"');
});

test('what it lends ends at the end, to the second', async () => {
  const { world, lease } = await lent();
  const read = (at: Instant) =>
    may(world, lease.carrier, 's3:GetObject', 'arn:aws:s3:::reports/1', { 'aws:CurrentTime': at });
  expect(await read(plusSeconds(lease.endsAt, -1))).toBe('allowed');
  expect(await read(lease.endsAt)).not.toBe('allowed');
});

test('it is removed at its end, verified and closed; ending it early removes it at once', async () => {
  for (const isEarly of [true, false]) {
    const { world, deps, lease } = await lent();
    if (isEarly) {
      await endLease(deps)({ lease: lease.id, by: 'ada' });
      await settle({ ...world, deps: deps as typeof world.deps });
    } else {
      later(world, 3600);
      expect(await sweepLeases(deps)()).toMatchObject({ revoked: [lease.id], lag: 0 });
    }
    expect(await world.iam.read(lease.edit.slot)).toBeNull();
    later(world, 3 * 3600);
    await takeInventory({ ...world.deps, scan: world.iam.scan })([account]);
    expect(await verifyLeases(deps)()).toMatchObject({ verified: [lease.id], closed: [lease.id] });
  }
});

test.each([
  ['where they are switched off', { configuration: { ...configuration, deployment: {} } }, {}],
  ['in an account that is not ours', {}, { target: 'account:999999999999' }],
  ['for somebody whom no trust can name', {}, { by: 'ben', beneficiary: 'ben' }],
  ['for longer than may be', {}, { duration: 9 * 3600 }],
])('none is made %s', async (_what, part, asked) => {
  const world = await changeWorld();
  const change = await requestAccess({ ...world.deps, configuration, ...part })({ ...wish, ...asked });
  expect(change).toMatchObject({ state: 'refused', plan: { edits: [] } });
});

test('no change makes or removes the role of another lease', async () => {
  const { world, id } = await lent();
  const change = (await world.state.changes.find(id))!;
  const settings = (await world.state.settings.find('settings'))!;
  const circumstances = { settings, signed: true, configuration, now: world.clock.now };
  expect(applyRefusal(change, circumstances)).toBeUndefined();
  const other = { ...change, id: 'chg-other' as typeof change.id };
  expect(applyRefusal(other, circumstances)).toMatchObject({ reason: 'target-excluded' });
});
