import { pathToFileURL } from 'node:url';
import { memoryIam } from '../adapters/memory/iam.ts';
import { memoryInventoryStore } from '../adapters/memory/inventory-store.ts';
import { memorySigner } from '../adapters/memory/signer.ts';
import { memoryState } from '../adapters/memory/state.ts';
import { onlyObserving, switched } from '../core/changes/settings-step.ts';
import type { Configuration } from '../core/configuration.ts';
import type { IdentityCenter } from '../core/identity/identity-center.ts';
import type { Inventory, PrincipalRecord } from '../core/identity/inventory.ts';
import type { OrganizationTree } from '../core/identity/organization-tree.ts';
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
  lag: Lag;
  /** From the end of the last lease that held it until an assignment, which does not end by itself, was gone. */
  assignments: Lag & { leases: number };
  /** How many were gone only by the sweeper. */
  swept: number;
  /** Policies of leases that are still in IAM when everything is over. */
  left: number;
}

interface Lag {
  p50: number;
  p99: number;
  worst: number;
}

interface Run {
  leases: number;
  faults?: number;
  seed?: number;
}

const account = '111122223333';
const carriers = 100;
/** One lease in so many is of a permission set. */
const setEvery = 10;
const sets = 25;
const sweepEvery = 300;
/** What SQS waits until it delivers again what a function failed at (lib/changes.ts). */
const redelivery = 720;
const begins = instantAt(1_750_000_000);

/** Lends so many leases and takes them back, in simulated time, while calls fail; one carrier ends by itself. */
export async function leaseFigures({ leases, faults = 0.05, seed = 1 }: Run): Promise<LeaseFigures> {
  const world = await loadWorld(faults, seeded(seed));
  const until = await lendAll(world, leases);
  await runTo(world, plusSeconds(until, 8 * 3600));
  return {
    leases: world.lags.size,
    faults,
    calls: world.calls(),
    seed,
    allowedAfterEnd: world.endless(),
    lag: lagOf([...world.lags.values()]),
    assignments: { leases: world.assigned.leases(), ...lagOf(world.assigned.lags) },
    swept: world.swept.size,
    left: await leftIn(world),
  };
}

function lagOf(measured: readonly number[]): Lag {
  const lags = [...measured].sort((a, b) => a - b);
  const at = (share: number) => lags[Math.min(lags.length - 1, Math.floor(lags.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), worst: lags.at(-1) ?? 0 };
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
  const assigned = watchedAssignments(
    { iam, slots: watch.slots },
    clock,
    async (change) => (await state.leases.find(change.slice(4)))?.endsAt,
  );
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
    assigned,
    endless: watch.endless,
    calls: broken.calls,
    random,
    deps: {
      changes: broken.wrap(state.changes),
      leases: broken.wrap(state.leases),
      assignments: broken.wrap(state.assignments),
      settings: broken.wrap(state.settings),
      iam: broken.wrap(assigned.slots),
      scheduler: broken.wrap(scheduler),
      signer,
      verifier: signer,
      inventories,
      organizations: {
        read: async () => ({ tree: { identityCenter: center } as OrganizationTree, parts: readNow(clock.now) }),
      },
      configuration,
      now: () => clock.now,
    },
  };
}

/** A request every four seconds, each approved by somebody else; those that a fault put in doubt are not counted, nor are permission sets. */
async function lendAll(world: World, leases: number): Promise<Instant> {
  let key = 0;
  for (let active = 0; active < leases; ) {
    await runTo(world, plusSeconds(world.clock.now, 4));
    key += 1;
    const isSet = key % setEvery === 0;
    const asked = {
      key: `load-${key}`,
      by: 'ada',
      beneficiary: 'ada',
      ...(isSet
        ? { target: `set:${account}/Set${Math.floor(key / setEvery) % sets}`, actions: [], resources: [] }
        : { target: arnOf(key % carriers), actions: ['s3:GetObject'], resources: ['arn:aws:s3:::reports/*'] }),
      duration: 600 + Math.floor(world.random() * 6600),
      reason: 'load',
    };
    const { deps } = world;
    const change = await insist(() => requestAccess(deps)(asked), 20);
    const { digest, id } = change;
    await insist(() => decideChange(deps)({ change: id, by: 'ben', verdict: 'approve', digest, key: 'click' }), 20);
    await insist(() => applyChange(deps)(id), 20).catch(() => undefined);
    if ((await world.state.leases.find(id.slice(4)))?.state === 'active' && !isSet) active += 1;
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
  const policies = now.principals.reduce((sum, { inline }) => sum + inline.length, 0);
  const slots = Array.from({ length: sets }, (_, n) => assignmentOf(n));
  const there = await Promise.all(slots.map((slot) => iam.read(slot)));
  return policies + there.filter((text) => text !== null).length;
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

/** Remembers how long after the last end of the leases that held it each assignment went. */
function watchedAssignments(
  { iam, slots }: { iam: IamSlots; slots: IamSlots },
  clock: { now: Instant },
  endOfLease: (change: string) => Promise<Instant | undefined>,
) {
  const ends = new Map<string, Instant[]>();
  const lags: number[] = [];
  const leases = new Set<string>();
  const watching: IamSlots = {
    ...slots,
    write: async (slot, value, context) => {
      if (slot.type !== 'account-assignment') return slots.write(slot, value, context);
      await iam.write(slot, value, context);
      const held = ends.get(slot.permissionSet) ?? [];
      const end = await endOfLease(context.change);
      if (value !== null && end !== undefined) {
        leases.add(context.change);
        ends.set(slot.permissionSet, [...held, end]);
      } else if (value === null && held.length > 0) {
        const last = held.sort().at(-1)!;
        if (clock.now >= last) lags.push(secondsOf(clock.now) - secondsOf(last));
        ends.delete(slot.permissionSet);
      }
    },
  };
  return { slots: watching, lags, leases: () => leases.size };
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
const instance = 'arn:aws:sso:::instance/ssoins-0123456789abcdef';
const store = `arn:aws:identitystore::${account}:identitystore/d-1234567890`;
const setArn = (n: number) => `arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-${String(n).padStart(16, '0')}`;
const looking =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetBucketLocation","Resource":"*"}]}';
const center: IdentityCenter = {
  instance,
  identityStore: store,
  permissionSets: Array.from({ length: sets }, (_, n) => ({
    arn: setArn(n),
    name: `Set${n}`,
    session: 3600,
    inline: looking,
    managed: [],
    customerManaged: [],
  })),
  assignments: [],
  users: [],
  groups: [],
};
/** Identity Center as it was read a moment ago. */
const readNow = (takenAt: Instant) => [{ part: 'identity-center', takenAt, denied: null }];
const assignmentOf = (n: number) => ({
  type: 'account-assignment' as const,
  account,
  instance,
  permissionSet: setArn(n),
  user: 'ada',
});
const person = (id: string) => ({
  id,
  name: id,
  slack: { team: 'T1', user: `U-${id}` },
  actors: [`federated:${store}/${id}` as ActorId],
});
const configuration: Pick<
  Configuration,
  'people' | 'rules' | 'accounts' | 'breakGlass' | 'lending' | 'decideWithinHours' | 'deployment'
> = {
  deployment: {
    identityCenter: {
      instance,
      administrator: account,
      permissionSets: Array.from({ length: sets }, (_, n) => setArn(n)),
    },
  },
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
