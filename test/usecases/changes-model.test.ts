import fc from 'fast-check';
import { samePerson } from '../../core/approvals/same-person.ts';
import { verifyChain } from '../../core/audit/chain.ts';
import type { DomainEvent } from '../../core/audit/event.ts';
import type { Change } from '../../core/changes/change.ts';
import { digestOf, digestToDecide } from '../../core/changes/digest.ts';
import { editsAt } from '../../core/changes/moments.ts';
import { settingsId } from '../../core/changes/settings.ts';
import { isTerminal } from '../../core/changes/terminal.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { endLease } from '../../usecases/end-lease.ts';
import { lapseChanges } from '../../usecases/lapse-changes.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { requestUndo } from '../../usecases/request-undo.ts';
import { revokeLease } from '../../usecases/revoke-lease.ts';
import { sweepLeases } from '../../usecases/sweep-leases.ts';
import { switchKill } from '../../usecases/switch-applying.ts';
import { takeInventory } from '../../usecases/take-inventory.ts';
import { undoChange } from '../../usecases/undo-change.ts';
import { verifyLeases } from '../../usecases/verify-leases.ts';
import {
  account,
  type ChangeWorld,
  changeWorld,
  later,
  loan,
  people,
  picture,
  planRightsizing,
  settle,
} from './change-world.ts';

/** What people, the clock and the platform may do, in any order. */
type Step =
  | { do: 'request'; by: string; beneficiary: string; key: string }
  | { do: 'plan' }
  | { do: 'decide'; which: number; by: string; verdict: 'approve' | 'deny'; old: boolean }
  | { do: 'agree'; which: number }
  | { do: 'deliver'; which: number; what: 'apply' | 'undo' | 'revoke' }
  | { do: 'ask-undo'; which: number; by: string }
  | { do: 'end'; which: number; by: string }
  | { do: 'wait'; seconds: number }
  | { do: 'kill'; on: boolean }
  | { do: 'sweep' }
  | { do: 'settle'; copies: number };

const somebody = fc.constantFrom('ada', 'ben', 'ben', 'cyd', 'cyd', 'dan', 'eve');
const which = fc.nat(3);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      by: somebody,
      beneficiary: fc.constantFrom('ada', 'ada', 'ben'),
      key: fc.constantFrom('k1', 'k2'),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'plan' as const }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      which,
      by: somebody,
      verdict: fc.constantFrom('approve', 'approve', 'approve', 'deny'),
      old: fc.nat(5).map((n) => n === 0),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('agree' as const), which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      which,
      what: fc.constantFrom('apply', 'undo', 'revoke'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('ask-undo' as const), which, by: somebody }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), which, by: somebody }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 60, 700, 700, 3600, 3600, 90_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ do: 'sweep' as const }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('settle' as const), copies: fc.integer({ min: 1, max: 2 }) }) },
);
const anyFaults = fc
  .uniqueArray(fc.tuple(fc.nat(200), fc.constantFrom('before', 'after')), { selector: ([at]) => at, maxLength: 8 })
  .map((pairs) => new Map<number, 'before' | 'after'>(pairs));

/** Takes a step, delivered `copies` times: what it is about is looked up once. */
async function take(world: ChangeWorld, step: Step, copies = 1): Promise<void> {
  if (step.do === 'agree') {
    const { which: index } = step;
    for (const by of ['ben', 'cyd', 'ada'])
      await take(world, { do: 'decide', which: index, by, verdict: 'approve', old: false }, copies);
    return;
  }
  const work = await workOf(world, step);
  // Time passes once, and a sweep is a moment too: the second one goes on from where the first one stopped.
  const times = step.do === 'wait' || step.do === 'sweep' ? 1 : copies;
  for (let copy = 0; copy < times; copy += 1) await work();
}

async function workOf(world: ChangeWorld, step: Exclude<Step, { do: 'agree' }>): Promise<() => unknown> {
  const { deps, state } = world;
  const changes = await state.changes.list(10);
  const at = (index: number): Change | undefined => changes[index % Math.max(1, changes.length)];
  switch (step.do) {
    case 'request':
      return () => requestAccess(deps)({ ...loan, ...step });
    case 'plan':
      return async () => (await state.changes.find('chg-rightsizing')) ?? planRightsizing(world);
    case 'decide': {
      const change = at(step.which);
      if (!change) return () => undefined;
      const digest = step.old ? change.digest : digestToDecide(change);
      return () => decideChange(deps)({ change: change.id, by: step.by, verdict: step.verdict, digest });
    }
    case 'deliver': {
      const id = at(step.which)?.id ?? 'chg-none';
      if (step.what === 'apply') return () => applyChange(deps)(id);
      if (step.what === 'undo') return () => undoChange(deps)(id);
      return () => revokeLease(deps)({ lease: id.slice(4), reason: 'early', by: 'ada' });
    }
    case 'ask-undo': {
      const change = at(step.which)?.id ?? 'chg-none';
      return () => requestUndo(deps)({ change, by: step.by, reason: 'because' });
    }
    case 'end': {
      const lease = at(step.which)?.id.slice(4) ?? 'none';
      return () => endLease(deps)({ lease, by: step.by });
    }
    case 'wait':
      return () => later(world, step.seconds);
    case 'kill':
      return () => switchKill(deps)({ by: 'ben', killed: step.on });
    case 'sweep':
      return async () => [await sweepLeases(deps)(), await lapseChanges(deps)()];
    case 'settle':
      return () => settle(world, step.copies);
  }
}

/** Takes the steps as they come; what fails is told and tried again by nobody but a later step. */
async function run(world: ChangeWorld, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    await take(world, step).catch(() => undefined);
    await checkWrites(world);
  }
}

/** After the faults have stopped: everything that is due happens, and the day goes by. */
async function bringToRest(world: ChangeWorld): Promise<void> {
  await world.state.outbox.pending(1);
  for (let call = world.broken.calls(); call < 210; call = world.broken.calls())
    await world.deps.outbox.pending(1).catch(() => undefined);
  await switchKill(world.deps)({ by: 'ben', killed: false });
  for (const change of await world.state.changes.list(10)) {
    if (change.state === 'approved' || change.state === 'applying') await applyChange(world.deps)(change.id);
    if (change.state === 'undo-approved' || change.state === 'undoing') await undoChange(world.deps)(change.id);
  }
  await settle(world);
  later(world, 3 * 86_400);
  for (let round = 0; round < 3; round += 1) {
    await sweepLeases(world.deps)();
    await lapseChanges(world.deps)();
    await takeInventory({ ...world.deps, scan: world.iam.scan })([account]);
    await verifyLeases(world.deps)();
    await settle(world);
    later(world, 3600);
  }
  await checkWrites(world);
}

const seen = new WeakMap<ChangeWorld, number>();

/** Laws of every single write: a grant has a durable lease, and what is written is what was approved. */
async function checkWrites(world: ChangeWorld): Promise<void> {
  const { writes, state } = world;
  const changes = await state.changes.list(10);
  for (const { slot, value } of writes.slice(seen.get(world) ?? 0)) {
    const of = changes.filter(({ plan }) =>
      plan.edits.some((edit) => JSON.stringify(edit.slot) === JSON.stringify(slot)),
    );
    const allowed = of.flatMap((change) => {
      if (change.approvedAt === null) return [];
      expect(digestOf(change.plan)).toBe(change.digest);
      return editsAt(change.plan, change.approvedAt).flatMap(({ before, after }) => [before, after]);
    });
    expect(allowed).toContain(value);
    if (slot.type !== 'inline-policy' || !slot.name.startsWith('leastwise-lease-') || value === null) continue;
    const lease = await state.leases.find(slot.name.slice('leastwise-lease-'.length));
    expect(lease?.endsAt).toBeDefined();
    expect(value).toContain(`"aws:CurrentTime":"${lease!.endsAt}"`);
  }
  seen.set(world, writes.length);
}

async function checkAudit({ archive, state }: ChangeWorld): Promise<Map<string, readonly DomainEvent[]>> {
  const chains = new Map<string, readonly DomainEvent[]>();
  const settings = (await state.settings.find(settingsId))!;
  const heads = [
    ...(await state.changes.list(10)).map((row) => ({ type: 'change', id: row.id as string, row })),
    ...(await state.leases.list(10)).map((row) => ({ type: 'lease', id: row.id as string, row })),
    { type: 'settings', id: settingsId, row: settings },
  ];
  for (const { type, id, row } of heads) {
    const events = await archive.chain(type, id);
    expect(verifyChain(events, row.audit)).toEqual([]);
    // One commit, one event: nothing happens untold, and nothing is told twice.
    expect(events).toHaveLength(row.version);
    chains.set(`${type}/${id}`, events);
  }
  return chains;
}

const terminalDecisions = ['change.approved', 'change.denied', 'change.lapsed'];
const count = (events: readonly DomainEvent[], types: readonly string[]) =>
  events.filter(({ type }) => types.includes(type)).length;

async function checkLaws(world: ChangeWorld, before: string): Promise<void> {
  const chains = await checkAudit(world);
  let restricted = false;
  for (const change of await world.state.changes.list(10)) {
    const events = chains.get(`change/${change.id}`) ?? [];
    expect(count(events, terminalDecisions)).toBeLessThanOrEqual(1);
    expect(count(events, ['change.verified'])).toBeLessThanOrEqual(1);
    expect(isTerminal(change) || change.state === 'verified').toBe(true);
    for (const { by } of [...change.decisions, ...change.undoDecisions]) {
      const decider = people.find(({ id }) => id === by)!;
      const parties = people.filter(({ id }) => id === change.requester || id === change.beneficiary);
      expect(parties.filter((party) => samePerson(party, decider))).toEqual([]);
    }
    for (const { by } of change.undoDecisions) expect(by).not.toBe(change.undo?.by);
    if (change.plan.kind === 'rightsizing' && change.state === 'verified') restricted = true;
    if (change.plan.kind === 'lending') expect(change.state).not.toBe('verified');
  }
  for (const lease of await world.state.leases.list(10)) {
    expect(lease.state).toBe('closed');
    const types = (chains.get(`lease/${lease.id}`) ?? []).map(({ type }) => type);
    expect(types.lastIndexOf('lease.active')).toBeLessThan(types.indexOf('lease.revoking'));
    expect(count(chains.get(`lease/${lease.id}`) ?? [], ['lease.revoked'])).toBe(1);
  }
  if (restricted) expect(await picture(world)).not.toBe(before);
  else expect(await picture(world)).toBe(before);
}

test('whatever people, clocks and faults do: every law holds, and everything comes to rest', async () => {
  const reached = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 30 }), anyFaults, async (steps, planned) => {
      const world = await changeWorld({ faults: planned });
      const before = await picture(world);
      await run(world, steps);
      await bringToRest(world);
      await checkLaws(world, before);
      for (const { state, plan } of await world.state.changes.list(10)) {
        const name = `${plan.kind} ${state}`;
        reached.set(name, (reached.get(name) ?? 0) + 1);
      }
    }),
    { numRuns: 120 },
  );
  for (const end of ['lending undone', 'lending denied', 'lending lapsed', 'rightsizing verified'])
    expect(reached.get(end) ?? 0).toBeGreaterThan(0);
}, 30_000);

test('delivering everything several times is the same as once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyStep, { minLength: 3, maxLength: 15 }),
      fc.integer({ min: 2, max: 3 }),
      async (steps, copies) => {
        const [once, often] = [await changeWorld(), await changeWorld()];
        for (const step of steps) {
          await take(once, step.do === 'settle' ? { ...step, copies: 1 } : step);
          await take(often, step, copies);
        }
        await settle(once);
        await settle(often, copies);
        expect(await outline(often)).toEqual(await outline(once));
        expect(await leasesGone(often)).toEqual(await leasesGone(once));
      },
    ),
    { numRuns: 60 },
  );
}, 30_000);

/** What matters of a world; signatures, which are of another key in each, and the attempts to settle aside. */
const outline = async ({ state, archive }: ChangeWorld) =>
  Promise.all(
    (await state.changes.list(10)).map(async ({ id, state: now, version, decisions }) => ({
      id,
      now,
      version,
      decisions,
      told: (await archive.chain('change', id)).map(({ type, by }) => `${type} ${by}`),
    })),
  );

const leasesGone = async ({ state, iam }: ChangeWorld) => ({
  leases: (await state.leases.list(10)).map(({ id, state: now, version }) => ({ id, now, version })),
  iam: JSON.stringify(iam.authorizationDetails(account)),
});
