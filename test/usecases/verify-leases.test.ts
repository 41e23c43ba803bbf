import type { AccountId, ActorId, PrincipalId } from '../../core/identity/principal.ts';
import { type Day, dayOf, type Instant, plusSeconds } from '../../core/time.ts';
import type { LineageChild } from '../../core/usage/lineage.ts';
import { answerForResidue } from '../../usecases/answer-for-residue.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { endLease } from '../../usecases/end-lease.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { sweepLeases } from '../../usecases/sweep-leases.ts';
import { takeInventory } from '../../usecases/take-inventory.ts';
import { verifyLeases } from '../../usecases/verify-leases.ts';
import { edge, entry, item } from '../contracts/examples.ts';
import {
  account,
  builder,
  type ChangeWorld,
  changeWorld,
  later,
  loan,
  oncall,
  settle,
  worker,
} from './change-world.ts';

const carrier = 'AROAADA-ONCALL' as PrincipalId;

async function lent(part: Partial<typeof loan> = {}) {
  const world = await changeWorld();
  const { id, digest } = await requestAccess(world.deps)({ ...loan, ...part });
  await decideChange(world.deps)({ change: id, by: 'ben', verdict: 'approve', digest });
  await settle(world);
  return { world, lease: id.slice(4), from: world.clock.now };
}

const night = ({ deps, iam }: ChangeWorld) => takeInventory({ ...deps, scan: iam.scan })([account]);
const leaseNow = async ({ state }: ChangeWorld, lease: string) => (await state.leases.find(lease))!;

async function takenBack(world: ChangeWorld): Promise<void> {
  later(world, 3600);
  await sweepLeases(world.deps)();
  later(world, 900);
  await night(world);
}

const used = (action: string, time: Instant, kind: 'action' | 'resource' = 'action', value = '') => {
  const on = dayOf(time) as Day;
  const each = { ...entry({ time, action }), last: on, days: [on] };
  return item({ principal: carrier, arn: oncall as ActorId, kind, action, entries: new Map([[value, each]]) });
};

const madeBy = (child: string, kind: 'assumed-role' | 'created-access-key', time: Instant, last = time) =>
  edge({
    child: child as LineageChild,
    kind,
    parent: {
      principal: carrier,
      arn: oncall,
      actor: oncall as ActorId,
      accessKeyId: null,
      account: account as AccountId,
    },
    first: { time, eventID: 'e-made' },
    last,
  });

test('access that was taken back is verified after a quarter of an hour, by a fresh reading of the account, and closed', async () => {
  const { world, lease } = await lent();
  later(world, 3600);
  await sweepLeases(world.deps)();
  await night(world);
  later(world, 899);
  expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [], closed: [] });
  later(world, 1);
  expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [lease], closed: [], held: [], failed: [] });
  expect(await leaseNow(world, lease)).toMatchObject({ state: 'verified', verifiedAt: world.clock.now });
  later(world, 2700);
  expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [], closed: [lease] });
  expect(await verifyLeases(world.deps)()).toEqual({ verified: [], closed: [], held: [], failed: [] });
});

test('nothing is verified on what was read of the account before the access was lent', async () => {
  const { world, lease } = await lent();
  later(world, 7200);
  await sweepLeases(world.deps)();
  later(world, 900);
  expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [] });
  await night(world);
  expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [lease] });
});

test('a policy that was put back is not verified; the sweeper removes it first', async () => {
  const { world, lease } = await lent();
  await takenBack(world);
  const { edit, change } = await leaseNow(world, lease);
  await world.iam.write(edit.slot, edit.after, { change });
  expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [] });
  await sweepLeases(world.deps)();
  expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [lease] });
});

test('the same access by another policy that came meanwhile holds the lease open, by name', async () => {
  const { world, lease } = await lent({
    actions: ['s3:GetObject', 's3:ListBucket'],
    resources: ['arn:aws:s3:::reports'],
  });
  const copy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}';
  await world.iam.write({ type: 'inline-policy', account, principal: oncall, name: 'copy' }, copy, { change: 'x' });
  await takenBack(world);
  later(world, 3600);
  const left = { kind: 'access', what: 's3:ListBucket on arn:aws:s3:::reports', until: null };
  expect(await verifyLeases(world.deps)()).toMatchObject({ closed: [], held: [{ lease, residue: [left] }] });
  await world.iam.write({ type: 'inline-policy', account, principal: oncall, name: 'copy' }, null, { change: 'x' });
  await night(world);
  expect(await verifyLeases(world.deps)()).toMatchObject({ closed: [lease], held: [] });
});

test('a key made under the lease holds it open until it is switched off', async () => {
  const { world, lease, from } = await lent();
  const made = plusSeconds(from, 60);
  await world.ledger.join([used('iam:CreateAccessKey', made), used('iam:CreateAccessKey', made, 'resource', builder)]);
  await world.ledger.joinLineage([madeBy('AKIABUILDER1', 'created-access-key', made)]);
  await takenBack(world);
  later(world, 3600);
  const key = { kind: 'access-key', what: 'AKIABUILDER1', until: null };
  expect(await verifyLeases(world.deps)()).toMatchObject({
    verified: [lease],
    closed: [],
    held: [{ lease, residue: [key] }],
  });
  const { version } = await leaseNow(world, lease);
  later(world, 900);
  await verifyLeases(world.deps)();
  expect((await leaseNow(world, lease)).version).toBe(version);
  world.iam.putAccessKey(account, builder, { id: 'AKIABUILDER1', status: 'Inactive' });
  expect(await verifyLeases(world.deps)()).toMatchObject({ closed: [lease] });
});

test('where the ledger does not say whose key was made, every user is looked at', async () => {
  const { world, lease, from } = await lent();
  await world.ledger.join([used('iam:CreateAccessKey', from)]);
  await world.ledger.joinLineage([madeBy('AKIABUILDER1', 'created-access-key', from)]);
  await takenBack(world);
  expect(await verifyLeases(world.deps)()).toMatchObject({ held: [{ lease, residue: [{ what: 'AKIABUILDER1' }] }] });
});

test('a session that was opened from it in another role holds it open for an hour, as AWS cuts it', async () => {
  const { world, lease, from } = await lent();
  const opened = plusSeconds(from, 60);
  const entered = { ...used('x', opened, 'resource', worker), kind: 'assumed-role' as const, action: null };
  await world.ledger.join([entered]);
  await world.ledger.joinLineage([madeBy('AROAWORKER', 'assumed-role', opened, plusSeconds(from, 3000))]);
  later(world, 60);
  await endLease(world.deps)({ lease, by: 'ada' });
  await settle(world);
  later(world, 900);
  await night(world);
  const until = plusSeconds(from, 60 + 3600);
  const session = { kind: 'session', what: worker, until };
  expect(await verifyLeases(world.deps)()).toMatchObject({ held: [{ lease, residue: [session] }] });
  world.clock.now = until;
  expect(await verifyLeases(world.deps)()).toMatchObject({ held: [] });
});

test('an edited trust holds it open until somebody else answers for it, never whoever had the access', async () => {
  const { world, lease, from } = await lent();
  const edited = plusSeconds(from, 60);
  const action = 'iam:UpdateAssumeRolePolicy';
  await world.ledger.join([used(action, edited), used(action, edited, 'resource', worker)]);
  await takenBack(world);
  later(world, 3600);
  await verifyLeases(world.deps)();
  const { residue } = await leaseNow(world, lease);
  expect(residue).toEqual([{ kind: 'trust-edit', what: worker, until: null }]);
  const answer = (by: string) => answerForResidue(world.deps)({ lease, by, reason: 'it was the task', residue });
  expect(await answer('ada')).toEqual({ ok: false, error: 'self-approval' });
  expect(await answer('dan')).toEqual({ ok: false, error: 'not-an-approver' });
  expect(await answerForResidue(world.deps)({ lease, by: 'ben', reason: 'x', residue: [] })).toEqual({
    ok: false,
    error: 'digest-mismatch',
  });
  expect(await answer('ben')).toMatchObject({ ok: true, value: { residue: [] } });
  expect(await verifyLeases(world.deps)()).toMatchObject({ closed: [lease] });
  await settle(world);
  const told = (await world.archive.chain('lease', lease)).map(({ type }) => type);
  expect(told.slice(-5)).toEqual([
    'lease.residue-refused',
    'lease.residue-refused',
    'lease.residue-refused',
    'lease.residue-accepted',
    'lease.closed',
  ]);
});

test('what was made before it or after it is not its residue', async () => {
  const { world, lease, from } = await lent();
  const [before, after] = [plusSeconds(from, -1), plusSeconds(from, 3700)];
  await world.ledger.join([
    used('iam:CreateAccessKey', after),
    used('iam:CreateAccessKey', after, 'resource', builder),
  ]);
  await world.ledger.joinLineage([
    madeBy('AKIABUILDER1', 'created-access-key', before),
    madeBy('AKIABUILDER2', 'created-access-key', after),
  ]);
  await takenBack(world);
  later(world, 3600);
  expect(await verifyLeases(world.deps)()).toMatchObject({ verified: [lease], closed: [lease], held: [] });
});

describe('going on', () => {
  const extension = (lease: string) => ({ ...loan, key: 'go-on', extends: lease, actions: ['ec2:RunInstances'] });

  test('is a new request for the same access, and the first lease ends on its own day', async () => {
    const { world, lease } = await lent();
    later(world, 1800);
    const asked = await requestAccess(world.deps)(extension(lease));
    expect(asked).toMatchObject({ state: 'planned', plan: { terms: { actions: loan.actions, extends: { lease } } } });
    await decideChange(world.deps)({ change: asked.id, by: 'ben', verdict: 'approve', digest: asked.digest });
    await settle(world);
    later(world, 1800);
    expect(await sweepLeases(world.deps)()).toMatchObject({ revoked: [lease] });
    const second = await leaseNow(world, asked.id.slice(4));
    expect(second.state).toBe('active');
    expect(await world.iam.read(second.edit.slot)).not.toBeNull();
  });

  test('is for the one who has it, while it is lent, and not for ever', async () => {
    const { world, lease } = await lent();
    const ask = async (part: object) => (await requestAccess(world.deps)({ ...extension(lease), ...part })).refusal;
    expect(await ask({ key: 'a', beneficiary: 'cyd' })).toMatchObject({ reason: 'terms-refused' });
    expect(await ask({ key: 'b', extends: 'none' })).toMatchObject({ reason: 'terms-refused' });
    expect(await ask({ key: 'c', extends: lease })).toBeNull();
    later(world, 3600);
    await sweepLeases(world.deps)();
    expect(await ask({ key: 'd' })).toMatchObject({ reason: 'terms-refused' });
  });

  test('P5: an extension that is approved too late for the total is not lent', async () => {
    const { world, lease } = await lent({ duration: 8 * 3600 });
    const longest = { ...world.deps.configuration, lending: { maxHours: 8, maxTotalHours: 15 } };
    const deps = { ...world.deps, configuration: longest };
    later(world, 6 * 3600);
    const asked = await requestAccess(deps)({ ...extension(lease), duration: 8 * 3600 });
    expect(asked.state).toBe('planned');
    later(world, 3601);
    await decideChange(deps)({ change: asked.id, by: 'ben', verdict: 'approve', digest: asked.digest });
    expect(await applyChange(deps)(asked.id)).toEqual({ ok: false, error: 'terms-refused' });
    expect(await world.state.leases.find(asked.id.slice(4))).toBeUndefined();
  });
});
