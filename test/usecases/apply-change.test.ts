import { verifyChain } from '../../core/audit/chain.ts';
import type { Change } from '../../core/changes/change.ts';
import { digestToDecide } from '../../core/changes/digest.ts';
import { plusSeconds } from '../../core/time.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { lapseChanges } from '../../usecases/lapse-changes.ts';
import { IamRefused } from '../../usecases/ports/iam.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { requestUndo } from '../../usecases/request-undo.ts';
import { revokeLease } from '../../usecases/revoke-lease.ts';
import { sweepLeases } from '../../usecases/sweep-leases.ts';
import { switchApplying, switchKill } from '../../usecases/switch-applying.ts';
import { undoChange } from '../../usecases/undo-change.ts';
import {
  account,
  attachmentSlot,
  broad,
  builder,
  type ChangeWorld,
  changeWorld,
  configuration,
  delivered,
  inlineSlot,
  later,
  loan,
  managedSlot,
  narrowed,
  oncall,
  own,
  picture,
  planExchange,
  planRightsizing,
  policyText,
  settle,
  worker,
} from './change-world.ts';

const changeNow = async ({ state }: ChangeWorld, id: string): Promise<Change> => (await state.changes.find(id))!;
const decideAs = async (world: ChangeWorld, id: string, by: string, verdict: 'approve' | 'deny' = 'approve') =>
  decideChange(world.deps)({ change: id, by, verdict, digest: digestToDecide(await changeNow(world, id)) });

async function approvedRightsizing(world: ChangeWorld): Promise<string> {
  const id = await planRightsizing(world);
  await decideAs(world, id, 'ben');
  await decideAs(world, id, 'cyd');
  return id;
}

async function approvedLoan(world: ChangeWorld): Promise<Change> {
  const { id } = await requestAccess(world.deps)(loan);
  await decideAs(world, id, 'ben');
  return changeNow(world, id);
}

describe('a change of standing permissions', () => {
  test('is applied exactly as approved, read back, and undone byte for byte', async () => {
    const world = await changeWorld();
    const before = await picture(world);
    const id = await approvedRightsizing(world);
    await settle(world);
    expect(await changeNow(world, id)).toMatchObject({ state: 'verified', refusal: null });
    expect(await world.iam.read(inlineSlot(worker, 'work'))).toBe('{"Version":"2012-10-17","Statement":[]}');
    expect(await requestUndo(world.deps)({ change: id, by: 'ada', reason: 'it broke' })).toMatchObject({ ok: true });
    await decideAs(world, id, 'ben');
    await decideAs(world, id, 'cyd');
    await settle(world);
    expect(await changeNow(world, id)).toMatchObject({ state: 'undone' });
    expect(await picture(world)).toBe(before);
  });

  test('needs as many different people as the strictest rule asks for', async () => {
    const world = await changeWorld();
    const id = await planRightsizing(world);
    expect(await decideAs(world, id, 'ben')).toMatchObject({ ok: true, value: { state: 'planned' } });
    expect(await decideAs(world, id, 'ben')).toMatchObject({ ok: true, value: { state: 'planned' } });
    await settle(world);
    expect(world.writes).toEqual([]);
  });

  test.each([
    ['killed', 'kill-switch'],
    ['off', 'applying-is-off'],
    ['base', 'base-changed'],
    ['tampered', 'digest-mismatch'],
    ['signature', 'signature-invalid'],
    ['left', 'no-longer-approved'],
    ['old', 'lapsed'],
  ] as const)('is refused and not written where it must not be applied: %s', async (what, reason) => {
    const world = await changeWorld();
    const id = await approvedRightsizing(world);
    if (what === 'killed') await switchKill(world.deps)({ by: 'dan', killed: true });
    if (what === 'old') later(world, 86_401);
    if (what === 'off') await switchApplying(world.deps)({ by: 'dan', account, on: false });
    if (what === 'base') await world.iam.write(inlineSlot(builder, 'work'), '{}', { change: 'x' });
    const change = await changeNow(world, id);
    const plan = what === 'tampered' ? { ...change.plan, edits: change.plan.edits.slice(1) } : change.plan;
    const approvedAt = what === 'signature' ? plusSeconds(change.approvedAt!, 60) : change.approvedAt;
    const changes = { ...world.deps.changes, find: async () => ({ ...change, plan, approvedAt }) };
    const people = configuration.people.filter((p) => what !== 'left' || p.id !== 'cyd');
    const deps = { ...world.deps, changes, configuration: { ...configuration, people } };
    expect(await applyChange(deps)(id)).toEqual({ ok: false, error: reason });
    expect(world.writes).toEqual([]);
    expect(await changeNow(world, id)).toMatchObject({ state: 'refused', refusal: { reason } });
  });

  test('is put back where a slot moved under it half way, and what somebody else wrote stays', async () => {
    const world = await changeWorld();
    const id = await approvedRightsizing(world);
    let writes = 0;
    const iam = {
      ...world.deps.iam,
      write: async (...args: Parameters<typeof world.iam.write>) => {
        await world.iam.write(...args);
        if (++writes === 1) await world.iam.write(inlineSlot(builder, 'work'), '{"somebody":"else"}', { change: 'x' });
      },
    };
    expect(await applyChange({ ...world.deps, iam })(id)).toEqual({ ok: false, error: 'base-changed' });
    expect(await world.iam.read(inlineSlot(worker, 'work'))).toBe(policyText);
    expect(await world.iam.read(inlineSlot(builder, 'work'))).toBe('{"somebody":"else"}');
    expect((await changeNow(world, id)).refusal?.detail).toContain('Left as it is');
  });

  test('waits half way while the kill switch is on, tells it once, and goes on afterwards', async () => {
    const world = await changeWorld();
    const id = await approvedRightsizing(world);
    const iam = {
      ...world.iam,
      write: async () => {
        throw new Error('throttled');
      },
    };
    await expect(applyChange({ ...world.deps, iam })(id)).rejects.toThrow('throttled');
    await switchKill(world.deps)({ by: 'ada', killed: true });
    for (let i = 0; i < 3; i += 1) expect(await applyChange(world.deps)(id)).toEqual({ ok: false, error: 'held' });
    const held = await changeNow(world, id);
    expect(held).toMatchObject({ state: 'applying', version: 5 });
    await switchKill(world.deps)({ by: 'ada', killed: false });
    expect(await applyChange(world.deps)(id)).toMatchObject({ ok: true, value: { state: 'verified', refusal: null } });
  });

  test('is not undone over what somebody changed since, and the reason names it', async () => {
    const world = await changeWorld();
    const id = await approvedRightsizing(world);
    await settle(world);
    await requestUndo(world.deps)({ change: id, by: 'ada', reason: 'it broke' });
    await decideAs(world, id, 'ben');
    await decideAs(world, id, 'cyd');
    await world.iam.write(inlineSlot(builder, 'work'), '{"drift":true}', { change: 'x' });
    const written = world.writes.length;
    expect(await undoChange(world.deps)(id)).toEqual({ ok: false, error: 'drifted' });
    expect(world.writes).toHaveLength(written);
    expect(await changeNow(world, id)).toMatchObject({ state: 'verified', refusal: { reason: 'drifted' } });
    expect((await changeNow(world, id)).refusal?.detail).toContain(builder);
  });
});

describe('a policy of AWS exchanged for a narrower one', () => {
  const approvedExchange = async (world: ChangeWorld) => {
    const id = await planExchange(world);
    for (const by of ['ben', 'cyd']) await decideAs(world, id, by);
    return id;
  };
  const undoApproved = async (world: ChangeWorld, id: string) => {
    await requestUndo(world.deps)({ change: id, by: 'ada', reason: 'it broke' });
    for (const by of ['ben', 'cyd']) await decideAs(world, id, by);
  };

  test('is made and attached before the old one goes, and rolled back the other way round, byte for byte', async () => {
    const world = await changeWorld();
    const before = await picture(world);
    const id = await approvedExchange(world);
    await settle(world);
    expect(await changeNow(world, id)).toMatchObject({ state: 'verified' });
    expect(world.writes.map(({ slot, value }) => `${slot.type} ${value === null ? 'goes' : 'comes'}`)).toEqual([
      'managed-policy comes',
      'attachment comes',
      'managed-policy comes',
      'attachment goes',
    ]);
    world.writes.length = 0;
    await undoApproved(world, id);
    await settle(world);
    expect(await changeNow(world, id)).toMatchObject({ state: 'undone' });
    expect(world.writes.map(({ slot, value }) => `${slot.type} ${value === null ? 'goes' : 'comes'}`)).toEqual([
      'attachment comes',
      'managed-policy comes',
      'attachment goes',
      'managed-policy goes',
    ]);
    expect(await picture(world)).toBe(before);
  });

  const texts = ({ iam }: ChangeWorld) =>
    Promise.all([broad, own, narrowed].map((policy) => iam.read(managedSlot(policy))));

  test('is not begun where AWS has changed its policy since, or somebody took ours off', async () => {
    for (const slot of [attachmentSlot(own), attachmentSlot(broad)]) {
      const world = await changeWorld();
      const id = await approvedExchange(world);
      await world.iam.write(slot, null, { change: 'x' });
      expect(await applyChange(world.deps)(id)).toEqual({ ok: false, error: 'base-changed' });
      expect(world.writes).toEqual([]);
    }
  });

  test('is put back where IAM will not take a part of it, and says why', async () => {
    const world = await changeWorld();
    const before = await picture(world);
    const id = await approvedExchange(world);
    const full = async (...args: Parameters<typeof world.iam.write>) => {
      if (args[0].type === 'attachment' && args[1] !== null) throw new IamRefused('LimitExceeded', 'ten are enough');
      await world.iam.write(...args);
    };
    expect(await applyChange({ ...world.deps, iam: { ...world.iam, write: full } })(id)).toEqual({
      ok: false,
      error: 'iam-refused',
    });
    expect(await picture(world)).toBe(before);
    expect((await changeNow(world, id)).refusal?.detail).toContain('LimitExceeded: ten are enough');
  });

  test('is rolled back although five versions of the other came since, but not over one that somebody wrote', async () => {
    const world = await changeWorld();
    const id = await approvedExchange(world);
    await settle(world);
    const smaller = (await world.iam.read(managedSlot(own)))!;
    for (const n of [1, 2, 3, 4, 5]) await world.iam.write(managedSlot(own), `{"n":${n}}`, { change: 'x' });
    await undoApproved(world, id);
    expect(await undoChange(world.deps)(id)).toEqual({ ok: false, error: 'drifted' });
    await world.iam.write(managedSlot(own), smaller, { change: 'x' });
    await undoApproved(world, id);
    expect(await undoChange(world.deps)(id)).toMatchObject({ ok: true });
    expect(await texts(world)).toEqual([policyText, policyText, null]);
  });

  test('is left alone, and says so, where a policy was detached meanwhile or what was made hangs on somebody else', async () => {
    const world = await changeWorld();
    const id = await approvedExchange(world);
    await settle(world);
    await world.iam.write(attachmentSlot(own), null, { change: 'x' });
    await undoApproved(world, id);
    expect(await undoChange(world.deps)(id)).toEqual({ ok: false, error: 'drifted' });
    expect((await changeNow(world, id)).refusal?.detail).toContain('removed, detached or renamed');
    await world.iam.write(attachmentSlot(own), 'attached', { change: 'x' });
    const elsewhere = { type: 'attachment', account, principal: builder, policy: narrowed } as const;
    await world.iam.write(elsewhere, 'attached', { change: 'x' });
    await undoApproved(world, id);
    expect(await undoChange(world.deps)(id)).toEqual({ ok: false, error: 'drifted' });
    expect((await changeNow(world, id)).refusal?.detail).toContain('DeleteConflict');
    // What could go back did: nothing that the role may do hangs on the rest.
    expect(await world.iam.read(attachmentSlot(broad))).toBe('attached');
  });
});

describe('lent access', () => {
  test('ends in the policy itself, and its lease is durable before anything is in IAM', async () => {
    const world = await changeWorld();
    const { id, approvedAt } = await approvedLoan(world);
    const order: string[] = [];
    const leases = {
      ...world.deps.leases,
      commit: async (...args: Parameters<typeof world.state.leases.commit>) => {
        order.push(`lease ${args[1].state}`);
        await world.state.leases.commit(...args);
      },
    };
    const scheduler = {
      ...world.scheduler,
      revokeAt: async (lease: string, at: typeof approvedAt) => {
        order.push('schedule');
        await world.scheduler.revokeAt(lease, at!);
      },
    };
    const iam = {
      ...world.iam,
      write: async (...args: Parameters<typeof world.iam.write>) => {
        order.push('iam');
        await world.iam.write(...args);
      },
    };
    expect(await applyChange({ ...world.deps, leases, scheduler, iam })(id)).toMatchObject({ ok: true });
    expect(order).toEqual(['lease prepared', 'schedule', 'lease provisioning', 'iam', 'lease active']);
    const { edit, endsAt } = (await world.state.leases.find(id.slice(4)))!;
    expect(endsAt).toBe(plusSeconds(approvedAt!, 3600));
    const text = (await world.iam.read(edit.slot))!;
    expect(JSON.parse(text).Statement[0].Condition).toEqual({
      DateLessThan: { 'aws:CurrentTime': endsAt },
      ArnEquals: { 'aws:PrincipalArn': oncall },
      StringEquals: { 'aws:PrincipalTag/leastwise:beneficiary': 'ada' },
    });
    expect(world.scheduler.waiting()).toEqual([{ lease: id.slice(4), at: endsAt }]);
  });

  test('is taken back by the sweeper when its schedule is lost, and looked at until it is over', async () => {
    const world = await changeWorld();
    const before = await picture(world);
    const { id } = await approvedLoan(world);
    await settle(world);
    expect(await picture(world)).not.toBe(before);
    later(world, 3600);
    expect(await sweepLeases(world.deps)()).toMatchObject({ revoked: [id.slice(4)], failed: [], lag: 0 });
    expect(await picture(world)).toBe(before);
    expect(await changeNow(world, id)).toMatchObject({ state: 'undone' });
    expect(await world.state.leases.find(id.slice(4))).toMatchObject({ state: 'revoked', revokeReason: 'ended' });
    expect(await sweepLeases(world.deps)()).toEqual({ revoked: [], failed: [], lag: 0 });
  });

  test('is taken back although everything is killed, and what a late writer puts back goes again', async () => {
    const world = await changeWorld();
    const { id } = await approvedLoan(world);
    await settle(world);
    const lease = id.slice(4);
    const { edit } = (await world.state.leases.find(lease))!;
    await switchKill(world.deps)({ by: 'dan', killed: true });
    expect(await revokeLease(world.deps)({ lease, reason: 'early', by: 'ada' })).toMatchObject({
      value: { state: 'revoked' },
    });
    await world.iam.write(edit.slot, edit.after, { change: id });
    await sweepLeases(world.deps)();
    expect(await world.iam.read(edit.slot)).toBeNull();
    expect(await world.state.leases.find(lease)).toMatchObject({ state: 'revoked' });
  });

  test('is revoked where reading back shows something else, and only then refused', async () => {
    const world = await changeWorld();
    const { id } = await approvedLoan(world);
    let reads = 0;
    const iam = {
      ...world.iam,
      read: async (slot: Parameters<typeof world.iam.read>[0]) => (++reads === 3 ? '{}' : world.iam.read(slot)),
    };
    expect(await applyChange({ ...world.deps, iam })(id)).toEqual({ ok: false, error: 'not-verified' });
    expect(await world.state.leases.find(id.slice(4))).toMatchObject({ state: 'revoked', revokeReason: 'in-doubt' });
    expect(await world.iam.read(inlineSlot(oncall, `leastwise-lease-${id.slice(4)}`))).toBeNull();
  });

  test('is not called revoked while the policy is still there; each attempt is counted', async () => {
    const world = await changeWorld();
    const { id } = await approvedLoan(world);
    await settle(world);
    const lease = id.slice(4);
    const iam = { ...world.iam, write: async () => {} };
    const revoke = () => revokeLease({ ...world.deps, iam })({ lease, reason: 'early', by: 'ada' });
    for (let i = 0; i < 3; i += 1) await expect(revoke()).rejects.toThrow('still there');
    expect(await world.state.leases.find(lease)).toMatchObject({ state: 'revoking', attempts: 3 });
    later(world, 60);
    expect(await sweepLeases({ ...world.deps, iam })()).toMatchObject({ failed: [{ lease, attempts: 4 }] });
    later(world, 60);
    await sweepLeases(world.deps)();
    expect(await world.state.leases.find(lease)).toMatchObject({ state: 'revoked' });
  });

  test('that nothing carried out lapses at its end, without a trace in IAM', async () => {
    const world = await changeWorld();
    const { id } = await approvedLoan(world);
    later(world, 3599);
    expect(await lapseChanges(world.deps)()).toEqual([]);
    later(world, 1);
    expect(await lapseChanges(world.deps)()).toEqual([id]);
    expect(await changeNow(world, id)).toMatchObject({ state: 'refused', refusal: { reason: 'lapsed' } });
    expect(await applyChange(world.deps)(id)).toEqual({ ok: false, error: 'lapsed' });
    expect(world.writes).toEqual([]);
  });

  test('that was approved too long ago is not lent any more', async () => {
    const world = await changeWorld();
    const { id } = await approvedLoan(world);
    later(world, 3600);
    expect(await applyChange(world.deps)(id)).toEqual({ ok: false, error: 'lapsed' });
    expect(world.writes).toEqual([]);
  });
});

describe('cut off at any await', () => {
  test('a run that dies while it lends, and is never tried again, leaves nothing behind once the sweeper was there', async () => {
    const whole = await changeWorld();
    const lent = await approvedLoan(whole);
    const first = whole.broken.calls();
    await applyChange(whole.deps)(lent.id);
    const states = new Set<string>();
    for (let call = first; call < whole.broken.calls(); call += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await changeWorld({ faults: new Map([[call, when]]) });
        const before = await picture(world);
        const { id } = await approvedLoan(world);
        await applyChange(world.deps)(id).catch(() => undefined);
        states.add((await world.state.leases.find(id.slice(4)))?.state ?? 'none');
        for (const wait of [700, 3000]) {
          later(world, wait);
          await sweepLeases(world.deps)();
          await lapseChanges(world.deps)();
        }
        expect(await picture(world)).toBe(before);
        expect(['refused', 'undone']).toContain((await changeNow(world, id)).state);
      }
    }
    expect(states).toEqual(new Set(['none', 'prepared', 'provisioning', 'active', 'revoked']));
  });

  const stories = {
    'right-sizing applied and undone': async (world: ChangeWorld) => {
      const id = await delivered(() => approvedOnce(world));
      await settle(world);
      await delivered(() => requestUndo(world.deps)({ change: id, by: 'ada', reason: 'it broke' }));
      for (const by of ['ben', 'cyd']) await delivered(() => decideAs(world, id, by));
      await settle(world);
      expect((await changeNow(world, id)).state).toBe('undone');
    },
    'access lent and ended': async (world: ChangeWorld) => {
      const { id } = await delivered(() => requestAccess(world.deps)(loan));
      await delivered(() => decideAs(world, id, 'ben'));
      await settle(world);
      expect(['verified', 'refused']).toContain((await changeNow(world, id)).state);
      later(world, 3600);
      await delivered(() => sweepLeases(world.deps)());
      await delivered(() => sweepLeases(world.deps)());
    },
  };
  const approvedOnce = async (world: ChangeWorld) => {
    const id = 'chg-rightsizing';
    if ((await world.state.changes.find(id)) === undefined) await planRightsizing(world, id);
    for (const by of ['ben', 'cyd']) await decideAs(world, id, by);
    return id;
  };

  test.each(Object.entries(stories))('%s ends as it began, in a whole chain', async (_name, story) => {
    const whole = await changeWorld();
    await story(whole);
    const calls = whole.broken.calls();
    expect(calls).toBeGreaterThan(20);
    for (let call = 0; call < calls; call += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await changeWorld({ faults: new Map([[call, when]]) });
        const before = await picture(world);
        await story(world);
        await settleQuietly(world);
        expect(await picture(world)).toBe(before);
        await expectWholeChains(world);
      }
    }
  });

  const settleQuietly = async (world: ChangeWorld) => {
    await settle(world);
    for (const lease of await world.state.leases.list(10))
      expect(['revoked', 'verified', 'closed']).toContain(lease.state);
  };
});

async function expectWholeChains(world: ChangeWorld): Promise<void> {
  for (const change of await world.state.changes.list(10)) {
    const events = await world.archive.chain('change', change.id);
    expect(verifyChain(events, change.audit)).toEqual([]);
    expect(events).toHaveLength(change.version);
  }
  for (const lease of await world.state.leases.list(10)) {
    const events = await world.archive.chain('lease', lease.id);
    expect(verifyChain(events, lease.audit)).toEqual([]);
    expect(events).toHaveLength(lease.version);
    const types = events.map(({ type }) => type);
    expect(types.lastIndexOf('lease.active')).toBeLessThan(types.indexOf('lease.revoking'));
  }
}
