import { verifyChain } from '../../core/audit/chain.ts';
import type { Change } from '../../core/changes/change.ts';
import { digestToDecide } from '../../core/changes/digest.ts';
import { trialEnded } from '../../core/changes/trial.ts';
import type { PrincipalRecord } from '../../core/identity/inventory.ts';
import type { ActorId, PrincipalId } from '../../core/identity/principal.ts';
import { plusSeconds } from '../../core/time.ts';
import { fullDay } from '../../core/usage/coverage.ts';
import type { LedgerItem } from '../../core/usage/item.ts';
import type { LineageChild } from '../../core/usage/lineage.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { lapseChanges } from '../../usecases/lapse-changes.ts';
import { proposeRightsizing } from '../../usecases/propose-rightsizing.ts';
import { requestUndo } from '../../usecases/request-undo.ts';
import { resumeChanges } from '../../usecases/resume-changes.ts';
import { switchKill } from '../../usecases/switch-applying.ts';
import { undoChange } from '../../usecases/undo-change.ts';
import { watchTrials } from '../../usecases/watch-trials.ts';
import {
  account,
  allow,
  evidence,
  item,
  now,
  policy,
  type RoleSketch,
  roleArn,
  wholeCoverage,
} from '../core/rightsizing/world.ts';
import { type ChangeWorld, changeWorld, configuration, delivered, later, settle } from './change-world.ts';

const granted = ['ec2:RunInstances', 'ec2:TerminateInstances', 'ec2:StopInstances', 'ec2:StartInstances'];
const text = policy(allow(granted));
const ci: RoleSketch = { name: 'ci', inline: { own: text }, used: ['ec2:RunInstances'] };
const awsManaged = 'arn:aws:iam::aws:policy/Fleet';
const fleet = { name: 'Fleet', arn: awsManaged, text };
const day = 86_400;

/** An account with one role, right-sized as deployed; applying is on. */
async function open(sketch = ci, faults?: ReadonlyMap<number, 'before' | 'after'>) {
  const world = await changeWorld(faults ? { faults } : {});
  const { inventory, usage } = evidence([sketch], { inventory: { managed: new Map([[awsManaged, fleet]]) } });
  world.clock.now = now;
  world.iam.load(inventory);
  await world.inventories.write(inventory);
  await world.ledger.join([...usage.values()].flat());
  await world.ledger.joinCoverage(wholeCoverage(95));
  const deps = {
    ...world.deps,
    configuration: { ...configuration, windowDays: 90, rightsizing: { trialDays: 3 } },
  };
  return { ...world, deps };
}
type World = Awaited<ReturnType<typeof open>>;

const propose = async ({ deps }: World) => (await proposeRightsizing(deps)(account))!;
const watch = ({ deps }: World) => watchTrials(deps)();
const changeNow = async ({ state }: ChangeWorld, id: string): Promise<Change> => (await state.changes.find(id))!;

async function approve(world: World, id: string): Promise<void> {
  for (const by of ['ben', 'cyd']) {
    const change = await changeNow(world, id);
    await decideChange(world.deps)({ change: id, by, verdict: 'approve', digest: digestToDecide(change) });
  }
  await settle(world);
}

/** The inventory follows what changes IAM. */
const rescan = async ({ iam, inventories, clock }: World) =>
  inventories.write((await iam.scan(account, clock.now)).inventory);

/** Days go by, and the trail is whole. */
async function wait(world: World, days: number): Promise<void> {
  later(world, days * day);
  const { clock, ledger } = world;
  for (let ago = 1; ago <= days + 2; ago += 1) {
    const date = plusSeconds(clock.now, -ago * day).slice(0, 10);
    await ledger.joinCoverage([{ v: 1, account, day: date, hours: fullDay } as never]);
  }
}

const denied = ({ clock }: World, action: string): LedgerItem => {
  const made = item('ci', action, 'denied');
  const [[key, entry]] = [...made.entries] as [[string, NonNullable<ReturnType<typeof made.entries.get>>]];
  const date = clock.now.slice(0, 10) as typeof entry.last;
  const first = { ...entry.first, time: clock.now };
  return { ...made, entries: new Map([[key, { ...entry, first, last: date, days: [date] }]]) };
};

const attachedTo = async ({ iam, clock }: World) =>
  (await iam.scan(account, clock.now)).inventory.principals.find(({ arn }) => arn === roleArn('ci'))!.attached;

const removedIn = ({ plan: { terms } }: Change) => (terms.kind === 'rightsizing' ? terms.removed : []);
const stageOf = ({ plan: { terms } }: Change) => (terms.kind === 'rightsizing' ? terms.stage : undefined);

async function trial(world: World): Promise<Change> {
  const [proposed] = (await propose(world)).proposed;
  await approve(world, proposed!.id);
  await rescan(world);
  return changeNow(world, proposed!.id);
}

describe('the ladder', () => {
  test('begins with one policy that denies, and leaves the policies under it as they were', async () => {
    const world = await open();
    const running = await trial(world);
    expect(running.state).toBe('verified');
    expect(stageOf(running)).toEqual({ step: 'trial', services: [], untried: [], quietDays: 3 });
    const [overlay, ...others] = await attachedTo(world);
    expect(others).toEqual([]);
    expect(overlay).toMatch(/policy\/leastwise\/trial-ci-/);
    expect(removedIn(running)).toEqual(['ec2:StartInstances', 'ec2:StopInstances', 'ec2:TerminateInstances']);
    expect(await propose(world)).toMatchObject({ proposed: [], known: 1 });
  });

  test('ends the trial by itself at a denial of its own, and proposes it again without what was missed', async () => {
    const world = await open();
    const { iam, clock } = world;
    const before = JSON.stringify(iam.authorizationDetails(account));
    const running = await trial(world);
    later(world, 3600);
    expect(await watch(world)).toEqual({ running: 1, ended: [], again: [], failed: [] });
    await world.ledger.join([denied(world, 'ec2:StopInstances')]);
    const watched = await watch(world);
    expect(watched).toMatchObject({ ended: [running.id], failed: [] });
    await settle(world);
    const ended = await changeNow(world, running.id);
    expect(ended).toMatchObject({
      state: 'undone',
      undo: null,
      ended: { why: 'denied', denials: [{ action: 'ec2:StopInstances', time: clock.now }] },
    });
    expect(JSON.stringify(iam.authorizationDetails(account))).toBe(before);
    const again = await changeNow(world, watched.again[0]!);
    expect(again).toMatchObject({ state: 'planned', requester: null, lineage: running.lineage });
    expect(removedIn(again)).toEqual(['ec2:StartInstances', 'ec2:TerminateInstances']);
    // Neither the next look nor the next night proposes it once more.
    expect(await watch(world)).toEqual({ running: 0, ended: [], again: [], failed: [] });
    await rescan(world);
    expect(await propose(world)).toMatchObject({ proposed: [], known: 1 });
    expect(verifyChain(await world.archive.chain('change', running.id), ended.audit)).toEqual([]);
  });

  test('is not disturbed by a denial that is another policy’s, or older than the trial', async () => {
    const world = await open();
    await world.ledger.join([item('ci', 'ec2:StartInstances', 'denied')]);
    await trial(world);
    later(world, 3600);
    await world.ledger.join([denied(world, 'ec2:CreateVpc')]);
    expect(await watch(world)).toMatchObject({ running: 1, ended: [] });
    const bounded = await open({ ...ci, record: { boundary: `arn:aws:iam::${account}:policy/limit` } });
    const { inventory } = await bounded.iam.scan(account, bounded.clock.now);
    const arn = `arn:aws:iam::${account}:policy/limit`;
    const limit = { arn, name: 'limit', text: policy(allow(['ec2:RunInstances', 'ec2:StopInstances'])) };
    const managed = new Map([...inventory.managed, [arn, limit]]);
    bounded.iam.load({ ...inventory, managed });
    await rescan(bounded);
    await trial(bounded);
    later(bounded, 3600);
    await bounded.ledger.join([denied(bounded, 'ec2:TerminateInstances')]);
    expect(await watch(bounded)).toMatchObject({ running: 1, ended: [] });
    await bounded.ledger.join([denied(bounded, 'ec2:StopInstances')]);
    expect((await watch(bounded)).ended).toHaveLength(1);
  });

  test('goes on to the final step after quiet, whole days, which is decided; then the trial goes, and all can be rolled back', async () => {
    const world = await open({ ...ci, inline: {}, attached: [awsManaged] });
    const running = await trial(world);
    await wait(world, 4);
    expect(await propose(world)).toMatchObject({ proposed: [], known: 1 });
    await wait(world, 1);
    const [final] = (await propose(world)).proposed;
    expect(stageOf(final!)).toEqual({ step: 'final', trial: running.id, untried: [] });
    expect(final!.lineage).toEqual([roleArn('ci')]);
    await approve(world, final!.id);
    await rescan(world);
    expect(await changeNow(world, final!.id)).toMatchObject({ state: 'verified', refusal: null });
    expect(await attachedTo(world)).toEqual([
      `arn:aws:iam::${account}:policy/leastwise/ci-Fleet-1`,
      expect.stringContaining('/leastwise/trial-ci-'),
    ]);
    expect((await watch(world)).ended).toEqual([running.id]);
    await settle(world);
    expect(await attachedTo(world)).toEqual([`arn:aws:iam::${account}:policy/leastwise/ci-Fleet-1`]);
    expect(await changeNow(world, running.id)).toMatchObject({ state: 'undone', ended: { why: 'final' } });
    await requestUndo(world.deps)({ change: final!.id, by: 'ada', reason: 'it broke' });
    await approve(world, final!.id);
    expect((await changeNow(world, final!.id)).state).toBe('undone');
    expect(await attachedTo(world)).toEqual([awsManaged]);
    await rescan(world);
    expect(await propose(world)).toMatchObject({ proposed: [], known: 1 });
  });

  test('ends the trial of what people do not want taken away, and of what is granted no more', async () => {
    const unwanted = await open();
    const running = await trial(unwanted);
    await wait(unwanted, 5);
    const [final] = (await propose(unwanted)).proposed;
    await decideChange(unwanted.deps)({ change: final!.id, by: 'ben', verdict: 'deny', digest: final!.digest });
    expect((await watch(unwanted)).ended).toEqual([running.id]);
    expect((await changeNow(unwanted, running.id)).ended).toMatchObject({ by: 'ben', why: 'asked' });
    const byHand = await open();
    const { id } = await trial(byHand);
    const own = { type: 'inline-policy', account, principal: roleArn('ci'), name: 'own' } as const;
    await byHand.iam.write(own, policy(allow('ec2:RunInstances')), { change: 'x' });
    await rescan(byHand);
    await propose(byHand);
    await settle(byHand);
    expect(await changeNow(byHand, id)).toMatchObject({ state: 'undone', ended: { why: 'final' } });
  });

  test('counts no day as quiet of which the trail is not whole', async () => {
    const world = await open();
    await trial(world);
    later(world, 30 * day);
    // A gap in the window keeps anything from being said at all.
    expect((await propose(world)).proposed).toEqual([]);
  });

  test('ends a trial for whoever asks, without another decision; and nothing is proposed again', async () => {
    const world = await open();
    const running = await trial(world);
    expect(await requestUndo(world.deps)({ change: running.id, by: 'stranger', reason: '' })).toMatchObject({
      ok: false,
    });
    for (let click = 0; click < 2; click += 1)
      expect(await requestUndo(world.deps)({ change: running.id, by: 'dan', reason: 'not now' })).toMatchObject({
        ok: true,
      });
    await settle(world);
    expect(await changeNow(world, running.id)).toMatchObject({ state: 'undone', ended: { by: 'dan', why: 'asked' } });
    expect(await attachedTo(world)).toEqual([]);
    await rescan(world);
    expect(await propose(world)).toMatchObject({ proposed: [], known: 1 });
  });

  test('ends no change this way that was not decided as a trial', async () => {
    const world = await open();
    const running = await trial(world);
    const ended = { by: 'x', at: world.clock.now, why: 'asked' as const, denials: [] };
    for (const patch of [{ signature: 'forged' }, { plan: { ...running.plan, target: roleArn('other') } }]) {
      const forged = { ...running, ...patch, state: 'undo-approved' as const, ended };
      const changes = { ...world.deps.changes, find: async () => forged, commit: async () => undefined };
      expect(await undoChange({ ...world.deps, changes })(running.id)).toMatchObject({ ok: false });
    }
    expect(await attachedTo(world)).toHaveLength(1);
  });

  test('a change that is no trial is not undone by calling its end a trial’s, however well it is signed', async () => {
    const world = await open();
    const off = { ...world.deps.configuration, rightsizing: { trialDays: 0 } };
    const [direct] = (await proposeRightsizing({ ...world.deps, configuration: off })(account))!.proposed;
    await approve(world, direct!.id);
    const final = await changeNow(world, direct!.id);
    expect(final.state).toBe('verified');
    const ended = { by: 'x', at: world.clock.now, why: 'asked' as const, denials: [] };
    expect(trialEnded(final, ended)).toBeUndefined();
    const changes = {
      ...world.deps.changes,
      find: async () => ({ ...final, state: 'undo-approved' as const, ended }),
      commit: async () => undefined,
    };
    expect(await undoChange({ ...world.deps, changes })(final.id)).toEqual({ ok: false, error: 'signature-invalid' });
  });

  test('what a trial missed is use from then on, also for a proposal that is made anew', async () => {
    const world = await open();
    await trial(world);
    later(world, 3600);
    await world.ledger.join([denied(world, 'ec2:StopInstances')]);
    const [again] = (await watch(world)).again;
    await settle(world);
    await rescan(world);
    // Nobody decides in time.
    later(world, 2 * day);
    await lapseChanges(world.deps)();
    expect((await changeNow(world, again!)).state).toBe('lapsed');
    await wait(world, 3);
    const [anew] = (await propose(world)).proposed;
    expect(removedIn(anew!)).toEqual(['ec2:StartInstances', 'ec2:TerminateInstances']);
    expect(anew!.plan.terms).toMatchObject({ kept: expect.arrayContaining(['ec2:StopInstances']) });
  });

  test('waits for the kill switch, and goes on once it is turned', async () => {
    const world = await open();
    const running = await trial(world);
    await switchKill(world.deps)({ by: 'ada', killed: true });
    await requestUndo(world.deps)({ change: running.id, by: 'dan', reason: 'not now' });
    await settle(world);
    expect(await attachedTo(world)).toHaveLength(1);
    await switchKill(world.deps)({ by: 'ada', killed: false });
    await requestUndo(world.deps)({ change: running.id, by: 'dan', reason: 'now' });
    await settle(world);
    expect(await attachedTo(world)).toEqual([]);
  });

  test('ends the trial of a role that is gone', async () => {
    const world = await open();
    const running = await trial(world);
    const { inventory } = await world.iam.scan(account, world.clock.now);
    world.iam.load({ ...inventory, principals: [] });
    await rescan(world);
    expect((await watch(world)).ended).toEqual([running.id]);
    await settle(world);
    expect(await changeNow(world, running.id)).toMatchObject({ state: 'undone', ended: { why: 'gone' } });
  });

  test('leaves alone whom somebody answers for, until the day', async () => {
    const world = await open();
    const until = (day_: string) => ({
      ...world.deps.configuration,
      rightsizing: {
        trialDays: 3,
        exclusions: [{ principal: 'arn:aws:iam::*:role/c?', owner: 'platform', until: day_ }],
      },
    });
    const run = (day_: string) => proposeRightsizing({ ...world.deps, configuration: until(day_) })(account);
    expect(await run('2026-11-20')).toMatchObject({ proposed: [], excluded: 1 });
    expect(await run('2026-11-19')).toMatchObject({ proposed: [{ state: 'planned' }], excluded: 0 });
  });

  test.each([
    [
      { 'aws:cloudformation:stack-name': 'shop', 'aws:cloudformation:logical-id': 'CiRole' },
      'CloudFormation (shop CiRole)',
    ],
    [{ 'aws:cloudformation:stack-name': 'shop', 'aws-cdk:bootstrap': 'x' }, 'CDK (shop)'],
    [{ ManagedBy: 'terraform' }, 'Terraform (ManagedBy=terraform)'],
    [{ Terraform: 'true' }, 'Terraform (Terraform=true)'],
  ])('edits nobody that a stack or Terraform owns, and shows the patch once: %j', async (tags, words) => {
    const world = await open({ ...ci, record: { tags } });
    const { proposed } = await propose(world);
    expect(proposed).toMatchObject([{ state: 'refused', refusal: { reason: 'owned-by-source' } }]);
    expect(proposed[0]?.refusal?.detail).toContain(words);
    expect(proposed[0]?.plan.edits).toMatchObject([
      { before: text, after: expect.stringContaining('ec2:RunInstances') },
    ]);
    later(world, day);
    await wait(world, 1);
    expect(await propose(world)).toMatchObject({ proposed: [], known: 1 });
  });

  test('edits no policy for several of whom a stack owns one', async () => {
    const world = await open();
    const shared = `arn:aws:iam::${account}:policy/shared`;
    const { inventory, usage } = evidence(
      ['a', 'b'].map((name) => ({ name, attached: [shared], used: ['ec2:RunInstances'] })),
      { inventory: { managed: new Map([[shared, { name: 'shared', arn: shared, text }]]) } },
    );
    const [a, b] = inventory.principals as [PrincipalRecord, PrincipalRecord];
    await world.inventories.write({ ...inventory, principals: [a, { ...b, tags: { terraform: 'yes' } }] });
    await world.ledger.join([...usage.values()].flat());
    expect((await propose(world)).proposed).toMatchObject([{ state: 'refused', plan: { target: roleArn('a') } }]);
  });

  const idle = async () => {
    const world = await open();
    const { inventory } = evidence([{ name: 'idle', inline: { own: text } }]);
    world.iam.load(inventory);
    await world.inventories.write(inventory);
    return world;
  };
  const enter = (world: World) =>
    world.ledger.joinLineage([
      {
        child: 'AROAidle' as LineageChild,
        kind: 'assumed-role',
        parent: {
          principal: 'service:lambda' as PrincipalId,
          arn: null,
          actor: 'service:lambda' as ActorId,
          accessKeyId: null,
          account: null,
        },
        first: { time: world.clock.now, eventID: 'e-enter' },
        last: world.clock.now,
      },
    ]);

  test('retires a role that was never seen, and brings it back by itself once somebody enters it', async () => {
    const world = await idle();
    const [retired] = (await propose(world)).proposed;
    expect(retired).toMatchObject({ plan: { target: roleArn('idle') }, backlog: { opened: null } });
    expect(removedIn(retired!)).toEqual(['*']);
    await approve(world, retired!.id);
    expect((await changeNow(world, retired!.id)).state).toBe('verified');
    expect(await propose(world)).toMatchObject({ proposed: [] });
    await wait(world, 10);
    expect(await propose(world)).toMatchObject({ proposed: [] });
    expect(await watch(world)).toMatchObject({ running: 1, ended: [] });
    await enter(world);
    expect(await watch(world)).toMatchObject({ ended: [retired!.id], again: [] });
    await settle(world);
    expect(await changeNow(world, retired!.id)).toMatchObject({
      state: 'undone',
      ended: { why: 'denied', denials: [{ action: 'sts:AssumeRole' }] },
    });
    expect(await propose(world)).toMatchObject({ proposed: [] });
  });

  test('retires no role that somebody entered, that a stack owns, or that is excluded', async () => {
    const entered = await idle();
    await enter(entered);
    expect((await propose(entered)).proposed).toEqual([]);
    const owned = await idle();
    const { inventory } = evidence([{ name: 'idle', inline: { own: text }, record: { tags: { terraform: 'yes' } } }]);
    await owned.inventories.write(inventory);
    expect((await propose(owned)).proposed).toEqual([]);
    const kept = await idle();
    const exclusions = [{ principal: roleArn('idle'), owner: 'platform', until: '2099-01-01' }];
    const settings = { ...kept.deps.configuration, rightsizing: { trialDays: 3, exclusions } };
    expect((await proposeRightsizing({ ...kept.deps, configuration: settings })(account))?.proposed).toEqual([]);
  });

  test('takes away at once, and says so, where nothing can be tried', async () => {
    const full = Array.from({ length: 10 }, (_, n) => `arn:aws:iam::aws:policy/Empty${n}`);
    const world = await open({ ...ci, attached: full });
    const [final] = (await propose(world)).proposed;
    expect(stageOf(final!)).toMatchObject({ step: 'final', trial: null, untried: expect.any(Array) });
    const off = { ...world.deps.configuration, rightsizing: { trialDays: 0 } };
    const plain = await open();
    const [direct] = (await proposeRightsizing({ ...plain.deps, configuration: off })(account))!.proposed;
    expect(stageOf(direct!)).toMatchObject({ step: 'final', trial: null });
  });

  test('comes to the same end wherever a watch is cut off', async () => {
    const story = async (world: World) => {
      const running = await trial(world);
      later(world, 3600);
      await world.ledger.join([denied(world, 'ec2:StopInstances')]);
      const first = world.broken.calls();
      const run = () => watch(world).then(({ failed }) => expect(failed).toEqual([]));
      return { running, first, run };
    };
    const whole = await open();
    const { first, run } = await story(whole);
    await run();
    const last = whole.broken.calls();
    expect(last - first).toBeGreaterThan(3);
    for (let call = first; call < last; call += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await open(ci, new Map([[call, when]]));
        const { running, run: cut } = await story(world);
        await cut().catch(() => undefined);
        await delivered(() => watch(world));
        await settle(world);
        later(world, 600);
        await resumeChanges({ ...world.deps, kinds: ['rightsizing'] })();
        expect((await changeNow(world, running.id)).state).toBe('undone');
        const open_ = (await world.state.changes.list(10)).filter(({ state }) => state === 'planned');
        expect(open_.map(removedIn)).toEqual([['ec2:StartInstances', 'ec2:TerminateInstances']]);
      }
    }
  });
});
