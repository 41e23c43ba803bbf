import { memorySigner } from '../../adapters/memory/signer.ts';
import type { ApproverRule, Person, StandingDecision } from '../../core/approvals/rules.ts';
import type { DomainEvent } from '../../core/audit/event.ts';
import type { Change } from '../../core/changes/change.ts';
import { isTerminal } from '../../core/changes/terminal.ts';
import type { Configuration } from '../../core/configuration.ts';
import type { IdentityCenter } from '../../core/identity/identity-center.ts';
import type { OrganizationTree } from '../../core/identity/organization-tree.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import { leasePolicyPrefix } from '../../core/leases/access-left.ts';
import { plusSeconds } from '../../core/time.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import { endLeaseOfReview } from '../../usecases/end-leases-of.ts';
import { lapseChanges } from '../../usecases/lapse-changes.ts';
import type { Scheduler } from '../../usecases/ports/scheduler.ts';
import { publishEvents } from '../../usecases/publish-events.ts';
import { revokeLease } from '../../usecases/revoke-lease.ts';
import { sweepLeases } from '../../usecases/sweep-leases.ts';
import { takeInventory } from '../../usecases/take-inventory.ts';
import { verifyLeases } from '../../usecases/verify-leases.ts';
import { type Fault, faults } from '../faults.ts';
import { account, arnOf, changeWorld, configuration as common, oncall, people as some } from './change-world.ts';
import { type Law, watchers } from './lease-watchers.ts';

/** Who stands in the configuration twice is one human: by the Slack account, or by one shared identity. */
const again = (id: string, of: string, part: Partial<Person>): Person => ({
  ...some.find((person) => person.id === of)!,
  id,
  name: id,
  actors: [`federated:store/${id}` as ActorId],
  slack: { team: 'T1', user: `U-${id}` },
  ...part,
});
const identityStore = `arn:aws:identitystore::${account}:identitystore/d-1234567890`;
/** Ada has an IAM user too, ben comes by Identity Center alone: a role that is made for a lease can trust both. */
const trusted: Readonly<Record<string, readonly string[]>> = {
  ada: [arnOf('user', 'ada'), `federated:${identityStore}/a-1`],
  ben: [`federated:${identityStore}/b-1`],
};
const instance = 'arn:aws:sso:::instance/ssoins-0123456789abcdef';
const permissionSet = 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef';
const looking =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetBucketLocation","Resource":"*"}]}';
const center: IdentityCenter = {
  instance,
  identityStore,
  permissionSets: [
    { arn: permissionSet, name: 'Repair', session: 3600, inline: looking, managed: [], customerManaged: [] },
  ],
  assignments: [],
  users: [],
  groups: [],
};
const people: readonly Person[] = [
  ...some.map((person) => {
    const identities = (trusted[person.id] ?? []) as readonly ActorId[];
    return { ...person, actors: [...person.actors, ...identities] };
  }),
  again('ada-too', 'ada', { slack: { team: 'T1', user: 'U-ada' } }),
  again('ben-too', 'ben', { actors: ['federated:store/ben' as ActorId] }),
];
const humanOf: Readonly<Record<string, string>> = {
  ada: 'Ada',
  'ada-too': 'Ada',
  ben: 'Ben',
  'ben-too': 'Ben',
  cyd: 'Cyd',
  dan: 'Dan',
};
const approvers = ['ada', 'ada-too', 'ben', 'ben-too', 'cyd'];
const rules: readonly ApproverRule[] = [
  { name: 'anybody of them', approvers, quorum: 1 },
  { name: 'two for lending', kinds: ['lending'], approvers, quorum: 2 },
];
/** Decided beforehand: Ada may read for an hour without asking, and somebody else looks at it within a day. */
const standing: StandingDecision = {
  name: 'night',
  people: ['ada'],
  accounts: [account],
  classes: ['discovery'],
  maxHours: 1,
  reviewWithinHours: 24,
};
const configuration: Configuration = {
  ...common,
  people,
  rules,
  standing: [standing],
  breakGlass: [arnOf('role', 'break-glass'), arnOf('role', 'ada-kept')],
  deployment: {
    leaseRoles: true,
    identityCenter: { instance, administrator: account, permissionSets: [permissionSet] },
  },
  lending: { maxHours: 2, maxTotalHours: 3 },
};

/** Ed25519 signs and verifies the same for the same input, and histories tell the same again and again. */
function remembering(signer: ReturnType<typeof memorySigner>): typeof signer {
  const [signed, verified] = [new Map<string, Promise<string>>(), new Map<string, Promise<boolean>>()];
  const once = <T>(known: Map<string, T>, key: string, make: () => T): T => {
    if (known.size > 20_000) known.clear();
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
  return {
    ...signer,
    sign: (digest) => once(signed, digest, () => signer.sign(digest)),
    verify: (digest, text) => once(verified, `${digest} ${text}`, () => signer.verify(digest, text)),
  };
}

/** What waits to be delivered, in no order that anybody may rely on. */
export interface Message {
  what: 'apply' | 'revoke' | 'view' | 'due' | 'review';
  id: string;
  by: string;
}

/** Made once: an error and a pair of keys cost more than most calls do. */
const slackIsDown = new Error('Slack is down');
const signer = remembering(memorySigner());

export interface WorldOptions {
  planned?: ReadonlyMap<number | string, Fault>;
  slackDown?: boolean;
}

/** The lending half of the system with every port breakable and every write watched. */
export async function leaseWorld({ planned = new Map(), slackDown = false }: WorldOptions = {}) {
  const base = await changeWorld({ signer });
  const { state, iam, archive, clock } = base;
  const inventory = (await base.inventories.read(account))!;
  const carrier = inventory.principals.find(({ arn }) => arn === oncall)!;
  const another = (name: string, tags: Record<string, string>) => ({
    ...carrier,
    arn: arnOf('role', name),
    name,
    id: `AROA${name}`,
    tags,
  });
  const principals = [
    ...inventory.principals,
    another('ada-kept', carrier.tags),
    another('nobodys', {}),
    another('bens', { 'leastwise:beneficiary': 'ben' }),
  ];
  iam.load({ ...inventory, principals });
  await base.inventories.write({ ...inventory, principals });
  // Named like ours, and not ours: no lease of the store has that id.
  const foreign = { type: 'inline-policy' as const, account, principal: oncall, name: `${leasePolicyPrefix}foreign` };
  await iam.write(foreign, '{"Version":"2012-10-17","Statement":[]}', { change: 'x' });
  // Ben has the permission set without any lease, and keeps it.
  const standing = { type: 'account-assignment' as const, account, instance, permissionSet, user: 'b-1' };
  await iam.write(standing, 'assigned', { change: 'x' });
  const violations = new Map<Law, string>();
  const queue: Message[] = [];
  const watch = watchers({
    base,
    configuration,
    humanOf,
    violate: (law, words) => void (violations.has(law) || violations.set(law, words)),
    happens: (what) => void happened.add(world.slackDown ? `${what} while Slack is down` : what),
  });
  const happened = new Set<string>();
  const broken = faults(
    planned,
    () => meanwhile(world),
    (fault, where) => happened.add(`${fault} at ${where}`),
  );
  const scheduler = base.scheduler;
  const wrapped = {
    changes: broken.wrap(watch.changes, 'changes'),
    leases: broken.wrap(watch.leases, 'leases'),
    assignments: broken.wrap(watch.assignments, 'assignments'),
    settings: broken.wrap(state.settings, 'settings'),
    outbox: broken.wrap(state.outbox, 'outbox'),
    iam: broken.wrap(watch.iam, 'iam'),
    scheduler: asked(broken.wrap(watch.scheduler, 'scheduler'), watch.scheduled),
    signer: broken.wrap(base.signer, 'signer'),
    verifier: broken.wrap(base.signer, 'verifier'),
    archive: broken.wrap(archive, 'archive'),
    bus: broken.wrap({ publish: async (event: DomainEvent) => void queue.push(...routed(event)) }, 'bus'),
    slack: broken.wrap(
      {
        post: async () => {
          if (world.slackDown) throw slackIsDown;
        },
      },
      'slack',
    ),
    inventories: base.inventories,
    organizations: {
      read: async () => ({
        tree: { identityCenter: center } as OrganizationTree,
        parts: [{ part: 'identity-center', takenAt: clock.now, denied: null }],
      }),
    },
    ledger: base.ledger,
    people: async () => people,
    scan: iam.scan,
    configuration,
    now: () => clock.now,
  };
  const world = {
    base,
    clock,
    iam,
    state,
    archive,
    scheduler,
    queue,
    violations,
    /** Faults, commands and states, so that nobody proves laws about nothing. */
    happened,
    broken,
    foreign,
    standing,
    watch,
    deps: wrapped,
    slackDown,
    /** Ids of changes whose stored row somebody rewrote. */
    tampered: watch.tampered,
    /** Clicks so far. */
    clicks: 0,
    refused: [] as { change: string; by: string; why: string }[],
  };
  return world;
}

/** Remembers which schedules were asked for and answered. */
const asked = (scheduler: Scheduler, scheduled: Set<string>): Scheduler => ({
  revokeAt: async (lease, at) => {
    await scheduler.revokeAt(lease, at);
    scheduled.add(lease);
  },
  cancel: (lease) => scheduler.cancel(lease),
});

export type LeaseWorld = Awaited<ReturnType<typeof leaseWorld>>;

/** The rules of the bus: whoever acts and whoever shows have queues of their own. */
function routed({ type, aggregate: { id }, by }: DomainEvent): Message[] {
  const view: Message = { what: 'view', id, by };
  if (type === 'change.approved') return [view, { what: 'apply', id, by }];
  if (type === 'lease.revoking') return [view, { what: 'revoke', id, by }];
  if (type === 'change.review-denied') return [view, { what: 'review', id, by }];
  return [view];
}

/** The same system without a fault in it. */
export const unbroken = ({ base, watch, deps }: LeaseWorld): LeaseWorld['deps'] => ({
  ...deps,
  changes: watch.changes,
  leases: watch.leases,
  assignments: watch.assignments,
  settings: base.state.settings,
  iam: watch.iam,
  scheduler: asked(watch.scheduler, watch.scheduled),
  signer: base.signer,
  verifier: base.signer,
  slack: { post: async () => undefined },
});

/** Somebody else's work in the middle of a run: whoever carries out what was approved, or takes it back. */
async function meanwhile(world: LeaseWorld): Promise<void> {
  const deps = unbroken(world);
  for (const change of await world.state.changes.list(3)) {
    if (change.state === 'approved') await applyChange(deps)(change.id).catch(() => undefined);
    else if (change.state === 'verified' || change.state === 'applying')
      await revokeLease(deps)({ lease: change.id.slice(4), reason: 'early', by: 'ada' }).catch(() => undefined);
  }
}

export const publish = async ({ deps, state }: LeaseWorld): Promise<void> =>
  void (await publishEvents(deps)(await state.outbox.pending(200)));

/** One delivery, by a process of its own. Throws where it fails; the queue then has it again. */
export async function handle(world: LeaseWorld, { what, id, by }: Message): Promise<void> {
  world.broken.restart();
  const { deps } = world;
  if (what === 'apply') await applyChange(deps)(id);
  else if (what === 'view') await deps.slack.post();
  else if (what === 'review') await endLeaseOfReview(deps)(id);
  else await revokeLease(deps)({ lease: id, reason: what === 'due' ? 'ended' : 'early', by });
}

/** Delivers what waits, until nothing is left but what fails for good. */
export async function deliverAll(world: LeaseWorld, rounds = 4): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    world.broken.restart();
    await publish(world).catch(() => undefined);
    const batch = world.queue.splice(0);
    if (batch.length === 0) return;
    for (const message of batch) await handle(world, message).catch(() => void world.queue.push(message));
  }
  // What only shows is not waited for: Slack may be down for good.
  world.queue.splice(0, world.queue.length, ...world.queue.filter(({ what }) => what !== 'view'));
}

/** Time passes, and the schedules that are due put their messages into the queue. */
export function pass({ clock, scheduler, queue, watch }: LeaseWorld, seconds: number): void {
  clock.now = plusSeconds(clock.now, seconds);
  for (const { lease, at } of scheduler.waiting()) {
    if (at > clock.now) continue;
    watch.fired(lease);
    queue.push({ what: 'due', id: lease, by: 'schedule' });
  }
}

export async function sweep(world: LeaseWorld): Promise<void> {
  world.broken.restart();
  await sweepLeases(world.deps)().catch(() => undefined);
  await lapseChanges(world.deps)().catch(() => undefined);
}

/** Faults are over: what is due happens, five minutes at a time, then days go by. */
export async function bringToRest(world: LeaseWorld, look: (world: LeaseWorld) => Promise<void>): Promise<void> {
  world.broken.stop();
  world.iam.throttleNext(0);
  const { settings } = world.state;
  const now = await settings.find('settings');
  if (now?.killed) await settings.commit(now, { ...now, version: now.version + 1, killed: false }, []);
  await deliverAll(world);
  for (let round = 0; round < 4; round += 1) {
    pass(world, round === 0 ? 60 : 300);
    await deliverAll(world);
    await sweep(world);
    await look(world);
  }
  for (const hours of [3, 24, 24, 1]) {
    if (await isAtRest(world)) break;
    pass(world, hours * 3600);
    await deliverAll(world);
    await sweep(world);
    await look(world);
    await takeInventory(world.deps)([account]);
    await verifyLeases(world.deps)();
  }
  await deliverAll(world);
}

/** Nothing can happen any more: every row is in a state without a deadline. */
async function isAtRest({ state, queue }: LeaseWorld): Promise<boolean> {
  const [changes, leases] = [await state.changes.list(20), await state.leases.list(20)];
  return queue.length === 0 && changes.every(isTerminal) && leases.every((lease) => lease.state === 'closed');
}

export const changesNow = async ({ state }: LeaseWorld): Promise<readonly Change[]> =>
  [...(await state.changes.list(20))].sort((a, b) => (a.id < b.id ? -1 : 1));
