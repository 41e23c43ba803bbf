import { pathToFileURL } from 'node:url';
import { memoryIam } from '../adapters/memory/iam.ts';
import { memoryInventoryStore } from '../adapters/memory/inventory-store.ts';
import { memorySigner } from '../adapters/memory/signer.ts';
import { memoryState } from '../adapters/memory/state.ts';
import { onlyObserving, switched } from '../core/changes/settings-step.ts';
import type { Configuration } from '../core/configuration.ts';
import type { Inventory, PrincipalRecord } from '../core/identity/inventory.ts';
import type { ActorId } from '../core/identity/principal.ts';
import { type Instant, instantAt, plusSeconds, secondsOf } from '../core/time.ts';
import { applyChange } from '../usecases/apply-change.ts';
import { decideChange } from '../usecases/decide-change.ts';
import { insist } from '../usecases/insist.ts';
import type { IamSlots } from '../usecases/ports/iam.ts';
import type { Scheduler } from '../usecases/ports/scheduler.ts';
import { requestAccess } from '../usecases/request-access.ts';
import { revokeLease } from '../usecases/revoke-lease.ts';
import { sweepLeases } from '../usecases/sweep-leases.ts';
import { seeded } from './random.ts';

/** What the load run measured; seconds. */
export interface LeaseFigures {
  leases: number;
  /** Share of the calls of any port that failed, lost their answer or their effect. */
  faults: number;
  calls: number;
  seed: number;
  /** Policies that allow anything at their lease's end or later, were they never removed. */
  allowedAfterEnd: number;
  /** From the end until the policy was gone from IAM. */
  lag: { p50: number; p99: number; worst: number };
  /** How many were gone only by the sweeper. */
  swept: number;
  /** Policies of leases that are still in IAM when everything is over. */
  left: number;
}

interface Run {
  leases: number;
  faults?: number;
  seed?: number;
}

const account = '111122223333';
const carriers = 100;
const sweepEvery = 300;
/** What SQS waits until it delivers again what a function failed at (lib/changes.ts). */
const redelivery = 720;
const begins = instantAt(1_750_000_000);

/** Lends so many leases and takes them back, in simulated time, while calls fail; one carrier ends by itself. */
export async function leaseFigures({ leases, faults = 0.05, seed = 1 }: Run): Promise<LeaseFigures> {
  const world = await loadWorld(faults, seeded(seed));
  const until = await lendAll(world, leases);
  await runTo(world, plusSeconds(until, 8 * 3600));
  const lags = [...world.lags.values()].sort((a, b) => a - b);
  const at = (share: number) => lags[Math.min(lags.length - 1, Math.floor(lags.length * share))] ?? 0;
  return {
    leases: lags.length,
    faults,
    calls: world.calls(),
    seed,
    allowedAfterEnd: world.endless(),
    lag: { p50: at(0.5), p99: at(0.99), worst: lags.at(-1) ?? 0 },
    swept: world.swept.size,
    left: await leftIn(world),
  };
}

type World = Awaited<ReturnType<typeof loadWorld>>;

async function loadWorld(share: number, random: () => number) {
  const clock = { now: begins };
  const state = memoryState();
  const iam = memoryIam();
  const inventories = memoryInventoryStore();
  iam.load(inventory());
  await inventories.write(inventory());
  const on = switched(onlyObserving, account, true, { by: 'ben', at: begins });
  if (on) await state.settings.commit(undefined, on.after, on.events);
  const watch = watched(iam, clock);
  const schedules = new Map<string, Instant>();
  const broken = breaking(share, random);
  const scheduler: Scheduler = {
    revokeAt: async (lease, at) => void schedules.set(lease, at),
    cancel: async (lease) => void schedules.delete(lease),
  };
  const signer = memorySigner();
  return {
    clock,
    state,
    iam,
    schedules,
    queue: [] as { at: Instant; work: () => Promise<unknown> }[],
    swept: new Set<string>(),
    lags: watch.lags,
    endless: watch.endless,
    calls: broken.calls,
    random,
    deps: {
      changes: broken.wrap(state.changes),
      leases: broken.wrap(state.leases),
      assignments: broken.wrap(state.assignments),
      settings: broken.wrap(state.settings),
      iam: broken.wrap(watch.slots),
      scheduler: broken.wrap(scheduler),
      signer,
      verifier: signer,
      inventories,
      configuration,
      now: () => clock.now,
    },
  };
}

/** A request every four seconds, each approved by somebody else; those that a fault put in doubt are not counted. */
async function lendAll(world: World, leases: number): Promise<Instant> {
  let key = 0;
  for (let active = 0; active < leases; ) {
    await runTo(world, plusSeconds(world.clock.now, 4));
    key += 1;
    const asked = {
      key: `load-${key}`,
      by: 'ada',
      beneficiary: 'ada',
      target: arnOf(key % carriers),
      actions: ['s3:GetObject'],
      resources: ['arn:aws:s3:::reports/*'],
      duration: 600 + Math.floor(world.random() * 6600),
      reason: 'load',
    };
    const { deps } = world;
    const change = await insist(() => requestAccess(deps)(asked), 20);
    const { digest, id } = change;
    await insist(() => decideChange(deps)({ change: id, by: 'ben', verdict: 'approve', digest, key: 'click' }), 20);
    await insist(() => applyChange(deps)(id), 20).catch(() => undefined);
    if ((await world.state.leases.find(id.slice(4)))?.state === 'active') active += 1;
  }
  return world.clock.now;
}

/** Time goes on by the second: schedules fire, what failed is delivered again, and every five minutes somebody sweeps. */
async function runTo(world: World, to: Instant): Promise<void> {
  const { clock, schedules, deps } = world;
  while (clock.now < to) {
    clock.now = plusSeconds(clock.now, 1);
    const now = clock.now;
    for (const [lease, at] of schedules) {
      if (at > now) continue;
      schedules.delete(lease);
      world.queue.push({ at: now, work: () => revokeLease(deps)({ lease, reason: 'ended', by: 'schedule' }) });
    }
    for (const message of world.queue.splice(0)) {
      if (message.at > now) world.queue.push(message);
      else await insist(message.work).catch(() => world.queue.push({ ...message, at: plusSeconds(now, redelivery) }));
    }
    if (secondsOf(now) % sweepEvery !== 0) continue;
    const { revoked } = await sweepLeases(deps)().catch(() => ({ revoked: [] }));
    for (const lease of revoked) world.swept.add(lease);
  }
}

/** What of all leases is still in IAM. */
async function leftIn({ iam, clock }: World): Promise<number> {
  const { inventory: now } = await iam.scan(account, clock.now);
  return now.principals.reduce((sum, { inline }) => sum + inline.length, 0);
}

/** Remembers when each policy went, and which of them would allow anything at or after their end. */
function watched(iam: IamSlots, clock: { now: Instant }) {
  const ends = new Map<string, Instant>();
  const lags = new Map<string, number>();
  let endless = 0;
  const slots: IamSlots = {
    ...iam,
    write: async (slot, value, context) => {
      await iam.write(slot, value, context);
      const name = slot.type === 'inline-policy' ? slot.name : '';
      const end = ends.get(name);
      if (value !== null) {
        const given = endOf(value);
        if (given === undefined) endless += 1;
        else ends.set(name, given);
      } else if (end !== undefined && clock.now >= end && !lags.has(name)) {
        lags.set(name, secondsOf(clock.now) - secondsOf(end));
      }
    },
  };
  return { slots, lags, endless: () => endless };
}

/** The end of every Allow; undefined where one has none, or a later one than another. */
function endOf(text: string): Instant | undefined {
  const { Statement } = JSON.parse(text) as {
    Statement: { Effect: string; Condition?: { DateLessThan?: Record<string, Instant> } }[];
  };
  const ends = new Set(Statement.map(({ Condition }) => Condition?.DateLessThan?.['aws:CurrentTime']));
  return ends.size === 1 ? [...ends][0] : undefined;
}

/** One call in so many fails before its effect, or loses its answer, or (writes to IAM and schedules) has no effect. */
function breaking(share: number, random: () => number) {
  let calls = 0;
  const breakable = (name: string, call: (...args: unknown[]) => unknown) => {
    const kinds = name === 'write' || name === 'revokeAt' || name === 'cancel' ? 3 : 2;
    return async (...args: unknown[]) => {
      calls += 1;
      const fault = random() < share ? Math.floor(random() * kinds) : -1;
      if (fault === 0) throw new Error(`${name} failed`);
      const answer = fault === 2 ? undefined : await call(...args);
      if (fault === 1) throw new Error(`the answer of ${name} was lost`);
      return answer;
    };
  };
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name, receiver) => {
        const value: unknown = Reflect.get(target, name, receiver);
        return typeof value === 'function' ? breakable(String(name), value.bind(target)) : value;
      },
    });
  return { wrap, calls: () => calls };
}

const arnOf = (n: number) => `arn:aws:iam::${account}:role/oncall-${n}`;
const carrier = (_: unknown, n: number): PrincipalRecord => ({
  type: 'role',
  id: `AROAONCALL${n}`,
  arn: arnOf(n),
  name: `oncall-${n}`,
  path: '/',
  createdAt: null,
  tags: { 'leastwise:beneficiary': 'ada' },
  trust: null,
  inline: [],
  attached: [],
  boundary: null,
  groups: [],
});
const inventory = (): Inventory => ({
  v: 1,
  account,
  takenAt: begins,
  principals: Array.from({ length: carriers }, carrier),
  groups: [],
  managed: new Map(),
});
const person = (id: string) => ({
  id,
  name: id,
  slack: { team: 'T1', user: `U-${id}` },
  actors: [`federated:store/${id}` as ActorId],
});
const configuration: Pick<
  Configuration,
  'people' | 'rules' | 'accounts' | 'breakGlass' | 'lending' | 'decideWithinHours'
> = {
  people: [person('ada'), person('ben')],
  rules: [{ name: 'anybody else', approvers: ['ada', 'ben'], quorum: 1 }],
  accounts: [{ id: account, name: 'load' }],
  breakGlass: [],
  lending: { maxHours: 8 },
  decideWithinHours: 24,
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [leases = '10000', seed = '1'] = process.argv.slice(2);
  const figures = await leaseFigures({ leases: Number(leases), seed: Number(seed) });
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
}
