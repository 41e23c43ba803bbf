import type { dynamoState } from '../../adapters/dynamodb/state.ts';
import { memoryAuditArchive } from '../../adapters/memory/audit-archive.ts';
import { memoryEventBus } from '../../adapters/memory/event-bus.ts';
import { keep } from '../../adapters/memory/freeze.ts';
import { memoryIam } from '../../adapters/memory/iam.ts';
import { memoryInventoryStore } from '../../adapters/memory/inventory-store.ts';
import { memoryLedgerStore } from '../../adapters/memory/ledger-store.ts';
import { memoryScheduler } from '../../adapters/memory/scheduler.ts';
import { memorySigner } from '../../adapters/memory/signer.ts';
import { memoryState } from '../../adapters/memory/state.ts';
import type { ApproverRule, Person } from '../../core/approvals/rules.ts';
import type { DomainEvent } from '../../core/audit/event.ts';
import type { ChangeId, Edit, Plan, Slot } from '../../core/changes/change.ts';
import { planned } from '../../core/changes/planned.ts';
import type { Configuration } from '../../core/configuration.ts';
import type { Inventory, PrincipalRecord } from '../../core/identity/inventory.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import { type Instant, instantAt, plusSeconds } from '../../core/time.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import type { IamSlots } from '../../usecases/ports/iam.ts';
import { publishEvents } from '../../usecases/publish-events.ts';
import { revokeLease } from '../../usecases/revoke-lease.ts';
import { switchApplying } from '../../usecases/switch-applying.ts';
import { undoChange } from '../../usecases/undo-change.ts';
import { type Faults, faults } from '../faults.ts';

export const account = '111122223333';
export const arnOf = (type: 'user' | 'role', name: string, path = '/') =>
  `arn:aws:iam::${account}:${type}${path}${name}`;
export const oncall = arnOf('role', 'ada-oncall');
export const builder = arnOf('user', 'builder');
export const worker = arnOf('role', 'worker');
export const policyText =
  '{ "Version":"2012-10-17",\n "Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"}] }';

const person = (id: string, ...actors: string[]): Person => ({
  id,
  name: id,
  slack: { team: 'T1', user: `U-${id}` },
  actors: actors as ActorId[],
});
export const people = [
  person('ada', 'federated:store/ada'),
  person('ben', 'federated:store/ben'),
  person('cyd', 'federated:store/cyd', arnOf('user', 'cyd')),
  person('dan', 'federated:store/dan'),
];
export const rules: readonly ApproverRule[] = [
  { name: 'leads', approvers: ['ada', 'ben', 'cyd'], quorum: 1 },
  { name: 'two for right-sizing', kinds: ['rightsizing'], approvers: ['ada', 'ben', 'cyd'], quorum: 2 },
];
export const configuration: Configuration = {
  version: 1,
  organization: { id: 'o-test' },
  securityAccount: '999900001111',
  homeRegion: 'eu-central-1',
  regions: ['eu-central-1'],
  accounts: [{ id: account, name: 'test' }],
  trail: null,
  slack: { team: 'T1', app: 'A1', channel: 'C1' },
  people,
  rules,
  breakGlass: [arnOf('role', 'break-glass')],
  windowDays: 30,
  lending: { maxHours: 8 },
  decideWithinHours: 24,
};

const principal = (arn: string, type: 'user' | 'role', tags: Record<string, string> = {}): PrincipalRecord => {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  const inline = [{ name: 'work', arn: null, text: policyText }];
  const id = `${type === 'user' ? 'AIDA' : 'AROA'}${name.toUpperCase()}`;
  return {
    type,
    id,
    arn,
    name,
    path: '/',
    createdAt: null,
    tags,
    trust: null,
    inline,
    attached: [],
    boundary: null,
    groups: [],
  };
};
/** Kept once: a world is made thousands of times. */
const inventory: Inventory = keep({
  v: 1,
  account,
  takenAt: instantAt(1_750_000_000),
  principals: [
    principal(oncall, 'role', { 'leastwise:beneficiary': 'ada' }),
    principal(builder, 'user'),
    { ...principal(worker, 'role'), attached: ['arn:aws:iam::aws:policy/Broad', `arn:aws:iam::${account}:policy/own`] },
    principal(arnOf('user', 'cyd'), 'user'),
  ],
  groups: [],
  managed: new Map(
    ['arn:aws:iam::aws:policy/Broad', `arn:aws:iam::${account}:policy/own`].map((arn) => [
      arn,
      { name: arn.slice(arn.lastIndexOf('/') + 1), arn, text: policyText },
    ]),
  ),
});

/** In memory, or in DynamoDB. */
type State = ReturnType<typeof dynamoState>;

/** The whole system behind the state machines, in memory; `planned` breaks the n-th call of any port. */
export async function changeWorld(
  options: {
    faults?: ReadonlyMap<number, 'before' | 'after'>;
    applying?: boolean;
    state?: State;
    signer?: ReturnType<typeof memorySigner>;
  } = {},
) {
  const state: State = options.state ?? memoryState();
  const iam = memoryIam();
  iam.load(inventory);
  iam.putAccessKey(account, builder, { id: 'AKIABUILDER1', status: 'Active' });
  iam.putAccessKey(account, builder, { id: 'AKIABUILDER2', status: 'Inactive' });
  const inventories = memoryInventoryStore();
  await inventories.write(inventory);
  const signer = options.signer ?? memorySigner();
  const ledger = memoryLedgerStore({ rank: (value) => value });
  const archive = memoryAuditArchive();
  const bus = memoryEventBus();
  const clock = { now: instantAt(1_750_000_100) as Instant };
  const writes: { slot: Slot; value: string | null }[] = [];
  const fired: string[] = [];
  const scheduler = memoryScheduler(async (lease) => {
    fired.push(lease);
  });
  const watched: IamSlots = {
    ...iam,
    write: async (slot, value, context) => {
      writes.push({ slot, value });
      await iam.write(slot, value, context);
    },
  };
  const broken: Faults = faults(options.faults ?? new Map());
  const now = () => clock.now;
  const deps = {
    cases: broken.wrap(state.cases),
    verdicts: broken.wrap(state.verdicts),
    changes: broken.wrap(state.changes),
    leases: broken.wrap(state.leases),
    assignments: broken.wrap(state.assignments),
    settings: broken.wrap(state.settings),
    rulebook: broken.wrap(state.rulebook),
    enrolments: broken.wrap(state.enrolments),
    outbox: broken.wrap(state.outbox),
    iam: broken.wrap(watched),
    scheduler: broken.wrap(scheduler),
    signer: broken.wrap(signer),
    verifier: broken.wrap(signer),
    archive: broken.wrap(archive),
    bus: broken.wrap(bus),
    inventories,
    ledger,
    configuration: configuration as Configuration,
    now,
  };
  const world = {
    state,
    iam,
    inventories,
    signer,
    ledger,
    archive,
    bus,
    scheduler,
    clock,
    writes,
    fired,
    broken,
    deps,
  };
  if (options.applying !== false) await switchOn(world);
  return world;
}

export type ChangeWorld = Awaited<ReturnType<typeof changeWorld>>;

async function switchOn({ state, clock }: Pick<ChangeWorld, 'state' | 'clock'>): Promise<void> {
  await switchApplying({ settings: state.settings, configuration, now: () => clock.now })({
    by: 'ben',
    account,
    on: true,
  });
}

export const later = (world: ChangeWorld, seconds: number): void => {
  world.clock.now = plusSeconds(world.clock.now, seconds);
};

/** Does it again until it answers, as a queue does; every planned fault happens once. */
export async function delivered<T>(work: () => Promise<T>, times = 12): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (fault) {
      if (attempt >= times) throw fault;
    }
  }
}

/** Publishes what was committed and does what the events ask for, each `copies` times, until nothing is left. */
export async function settle(world: ChangeWorld, copies = 1): Promise<void> {
  const { deps, state } = world;
  let rounds = 0;
  for (let events = await state.outbox.pending(100); events.length > 0; events = await state.outbox.pending(100)) {
    rounds += 1;
    if (rounds > 100) throw new Error('What events ask for brings ever new events: nothing comes to rest.');
    await publishEvents(deps)(events);
    for (const event of events) for (let i = 0; i < copies; i += 1) await delivered(() => react(world, event));
  }
}

async function react({ deps }: ChangeWorld, { type, aggregate, by }: DomainEvent): Promise<void> {
  if (type === 'change.approved') await applyChange(deps)(aggregate.id);
  if (type === 'change.undo-approved') await undoChange(deps)(aggregate.id);
  if (type === 'lease.revoking') await revokeLease(deps)({ lease: aggregate.id, reason: 'early', by });
}

export const inlineSlot = (arn: string, name: string): Slot => ({
  type: 'inline-policy',
  account,
  principal: arn,
  name,
});

/** Everything that is in force in IAM and that the tests may change, as text; versions that were once in force are not. */
export const picture = async ({ iam }: ChangeWorld): Promise<string> => {
  const { inventory } = await iam.scan(account, instantAt(0));
  return JSON.stringify([
    { ...inventory, managed: [...inventory.managed.values()] },
    await iam.accessKeys(account, builder),
  ]);
};

/** A right-sizing change of two edits, as its planner would make it. */
export async function planRightsizing({ state, clock }: ChangeWorld, id = 'chg-rightsizing'): Promise<string> {
  const edits: Edit[] = [
    { slot: inlineSlot(worker, 'work'), before: policyText, after: '{"Version":"2012-10-17","Statement":[]}' },
    { slot: inlineSlot(builder, 'work'), before: policyText, after: '{"Version":"2012-10-17","Statement":[ ]}' },
  ];
  return planEdits({ state, clock }, edits, id);
}

/** Of AWS, attached to the worker. */
export const broad = 'arn:aws:iam::aws:policy/Broad';
/** Of the account, attached to the worker too. */
export const own = `arn:aws:iam::${account}:policy/own`;
export const narrowed = `arn:aws:iam::${account}:policy/leastwise/worker-Broad-1`;
export const managedSlot = (policy: string): Slot => ({ type: 'managed-policy', account, policy });
export const attachmentSlot = (policy: string): Slot => ({ type: 'attachment', account, principal: worker, policy });

/** A policy of AWS is exchanged for one that is made for it, and one of the account becomes smaller. */
export function planExchange(world: Pick<ChangeWorld, 'state' | 'clock'>, id = 'chg-exchange'): Promise<string> {
  const smaller = '{"Version":"2012-10-17","Statement":[  ]}';
  return planEdits(
    world,
    [
      { slot: managedSlot(broad), before: policyText, after: policyText },
      { slot: attachmentSlot(own), before: 'attached', after: 'attached' },
      { slot: managedSlot(narrowed), before: null, after: smaller },
      { slot: attachmentSlot(narrowed), before: null, after: 'attached' },
      { slot: managedSlot(own), before: policyText, after: smaller },
      { slot: attachmentSlot(broad), before: 'attached', after: null },
    ],
    id,
  );
}

async function planEdits({ state, clock }: Pick<ChangeWorld, 'state' | 'clock'>, edits: readonly Edit[], id: string) {
  const terms = { kind: 'rightsizing' as const, removed: [], kept: [], window: { from: clock.now, to: clock.now } };
  const plan: Plan = { kind: 'rightsizing', account, target: worker, edits, terms };
  const { after, events } = planned({
    id: id as ChangeId,
    plan,
    requester: null,
    beneficiary: null,
    lineage: [],
    at: clock.now,
    decideWithinHours: 24,
    by: 'propose-rightsizing',
  });
  await state.changes.commit(undefined, after, events);
  return id;
}

export const loan = {
  key: 'inbox-1',
  by: 'ada',
  beneficiary: 'ada',
  target: oncall,
  actions: ['s3:GetObject'],
  resources: ['arn:aws:s3:::reports/*'],
  duration: 3600,
  reason: 'look at the report',
};
