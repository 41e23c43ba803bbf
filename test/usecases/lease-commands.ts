import fc from 'fast-check';
import type { Change, Slot } from '../../core/changes/change.ts';
import { digestToDecide } from '../../core/changes/digest.ts';
import { assignmentId } from '../../core/leases/assignment.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { endLease } from '../../usecases/end-lease.ts';
import { endLeasesOfLeavers } from '../../usecases/end-leases-of.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { revokeLease } from '../../usecases/revoke-lease.ts';
import { switchKill } from '../../usecases/switch-applying.ts';
import type { Fault } from '../faults.ts';
import { account, arnOf, loan, oncall } from './change-world.ts';
import { changesNow, deliverAll, handle, type LeaseWorld, pass, publish, sweep, unbroken } from './lease-world.ts';

type Command = fc.AsyncCommand<object, LeaseWorld>;

/** One thing that people, the clock or the platform do. What fails is tried again by nobody but a later command. */
function command(words: string, work: (world: LeaseWorld) => Promise<unknown>): Command {
  return {
    check: () => true,
    toString: () => words,
    run: async (_model, world) => {
      world.broken.restart();
      await work(world).catch(() => undefined);
    },
  };
}

const at = async (world: LeaseWorld, which: number): Promise<Change | undefined> => {
  const changes = await changesNow(world);
  return changes[which % Math.max(1, changes.length)];
};

const somebody = fc.constantFrom('ada', 'ada-too', 'ben', 'ben-too', 'cyd', 'dan', 'eve');
const which = fc.nat(3);
const targets = {
  ada: oncall,
  ben: arnOf('role', 'bens'),
  nobody: arnOf('role', 'nobodys'),
  kept: arnOf('role', 'ada-kept'),
  'a role of its own': `account:${account}`,
  'a permission set': `set:${account}/Repair`,
};

interface Asked {
  by: string;
  for: string;
  on: string;
  key: string;
  duration: number;
}

const requestOf = (asked: Asked): Command =>
  command(`${asked.by} asks (${asked.key}) for ${asked.for} on ${asked.on}, ${asked.duration} s`, ({ deps }) =>
    requestAccess(deps)({
      ...loan,
      key: asked.key,
      by: asked.by,
      beneficiary: asked.for,
      target: targets[asked.on as 'ada'],
      duration: asked.duration,
    }),
  );

const usual = fc
  .record({
    by: fc.constantFrom('ada', 'ada', 'dan', 'ben'),
    for: fc.constantFrom('ada', 'ada', 'ada', 'ben'),
    kind: fc.constantFrom(undefined, undefined, 'a role of its own', 'a permission set', 'a permission set'),
    key: fc.constantFrom('k1', 'k2', 'k3'),
    duration: fc.constantFrom(600, 3600, 7200),
  })
  .map(({ kind, ...asked }) => requestOf({ ...asked, on: kind ?? asked.for }));

const odd = fc
  .record({
    by: somebody,
    for: fc.constantFrom('ada', 'ada', 'ada', 'ben'),
    on: fc.constantFrom('ada', 'ada', 'ada', 'ben', 'nobody', 'kept', 'a role of its own', 'a permission set'),
    key: fc.constantFrom('k1', 'k2', 'k3'),
    duration: fc.constantFrom(600, 3600, 7200, 7201),
  })
  .map((asked) => requestOf(asked));

const urgent = fc
  .record({
    by: fc.constantFrom('ada', 'ada', 'ada', 'ada-too', 'dan', 'ben'),
    for: fc.constantFrom('ada', 'ada', 'ada', 'ben'),
    key: fc.constantFrom('u1', 'u2'),
    duration: fc.constantFrom(600, 3600, 3601),
  })
  .map((asked) =>
    command(`${asked.by} takes (${asked.key}) for ${asked.for} what cannot wait, ${asked.duration} s`, ({ deps }) =>
      requestAccess(deps)({
        ...loan,
        key: asked.key,
        by: asked.by,
        beneficiary: asked.for,
        target: targets[asked.for as 'ada'],
        duration: asked.duration,
        emergency: true,
      }),
    ),
  );
const reviewing = fc
  .tuple(which, somebody, fc.constantFrom<'approve' | 'deny'>('approve', 'deny'))
  .map(([of, by, verdict]) =>
    command(`${by} reviews ${of} as ${verdict === 'deny' ? 'wrong' : 'right'}`, async (world) => {
      const due = (await changesNow(world)).filter(({ review }) => review !== undefined);
      const change = due[of % Math.max(1, due.length)];
      if (change) await click(world, change.id, by, verdict, digestToDecide(change));
    }),
  );

const goOn = fc.tuple(which, fc.constantFrom('x1', 'x2', 'x3')).map(([of, key]) =>
  command(`extend ${of} (${key})`, async (world) => {
    const change = await at(world, of);
    if (change?.beneficiary == null) return;
    await requestAccess(world.deps)({
      ...loan,
      key,
      by: change.beneficiary,
      beneficiary: change.beneficiary,
      target: change.plan.target.includes(':role/leastwise/') ? targets['a role of its own'] : change.plan.target,
      duration: 7200,
      extends: change.id.slice(4),
    });
  }),
);

/** A click, on what was shown or on something older. */
export async function click(world: LeaseWorld, id: string, by: string, verdict: 'approve' | 'deny', digest: string) {
  world.clicks += 1;
  const key = `click-${world.clicks}`;
  const decided = await decideChange(world.deps)({ change: id, by, verdict, digest, key });
  const isTold = !decided.ok && decided.error !== 'no-such-change' && decided.error !== 'lapsed';
  if (isTold) world.refused.push({ change: id, by, why: decided.error });
  return decided;
}

const decision = fc
  .record({
    of: which,
    by: somebody,
    verdict: fc.constantFrom('approve', 'approve', 'approve', 'deny'),
    old: fc.nat(5),
  })
  .map(({ of, by, verdict, old }) =>
    command(`${by} says ${verdict} to ${of}${old === 0 ? ' as it was shown once' : ''}`, async (world) => {
      const change = await at(world, of);
      if (change) await click(world, change.id, by, verdict as 'approve', old === 0 ? '0'.repeat(64) : change.digest);
    }),
  );

const agreement = which.map((of) =>
  command(`two agree to ${of}`, async (world) => {
    const change = await at(world, of);
    if (!change) return;
    for (const by of ['ben', 'cyd', 'ada'])
      await click(world, change.id, by, 'approve', change.digest).catch(() => undefined);
  }),
);

const delivery = fc.tuple(fc.nat(5), fc.boolean()).map(([place, isAgain]) =>
  command(`deliver message ${place}${isAgain ? ' and keep it' : ''}`, async (world) => {
    await publish(world);
    const index = place % Math.max(1, world.queue.length);
    if (index > 0) world.happened.add('delivered out of order');
    if (isAgain && world.queue.length > 0) world.happened.add('delivered again');
    const [message] = isAgain ? world.queue.slice(index, index + 1) : world.queue.splice(index, 1);
    if (message) await handle(world, message).catch(() => world.queue.push(message));
  }),
);

const everything = fc.constant(command('deliver everything', (world) => deliverAll(world)));
const ending = fc
  .tuple(which, somebody)
  .map(([of, by]) =>
    command(`${by} ends ${of}`, async (world) =>
      endLease(world.deps)({ lease: (await at(world, of))?.id.slice(4) ?? '', by }),
    ),
  );
const alarm = which.map((of) =>
  command(`an alarm ends ${of}`, async (world) =>
    revokeLease(world.deps)({ lease: (await at(world, of))?.id.slice(4) ?? '', reason: 'alarm', by: 'detect-anomaly' }),
  ),
);
const leaving = fc.constantFrom('ada', 'ben').map((who) =>
  command(`${who} has left`, ({ deps }) =>
    endLeasesOfLeavers({
      ...deps,
      people: async () => (await deps.people()).filter(({ id }) => id !== who),
    })(),
  ),
);
/** The control plane of the account refuses what it is asked; others go on. */
const outage = fc.integer({ min: 1, max: 40 }).map((calls) =>
  command(`IAM throttles ${calls} calls`, async ({ iam, happened }) => {
    iam.throttleNext(calls);
    happened.add('IAM throttles');
  }),
);
const waiting = fc.constantFrom(1, 60, 300, 700, 1800, 3600, 7200, 90_000, -30).map((seconds) =>
  command(`${seconds} s pass`, async (world) => {
    if (seconds < 0) world.happened.add('the clock goes back');
    if (seconds > 80_000) world.happened.add('the clock jumps a day');
    pass(world, seconds);
  }),
);
const sweeping = fc.constant(command('sweep', (world) => sweep(world)));
const killing = fc
  .boolean()
  .map((killed) => command(killed ? 'kill' : 'revive', ({ deps }) => switchKill({ ...deps })({ by: 'ben', killed })));
/** No function runs for so long: once every one that had to do with it is over, an assignment is somebody else's to make. */
async function isOthers({ assignments }: LeaseWorld['state'], slot: Slot): Promise<boolean> {
  if (slot.type !== 'account-assignment') return false;
  const row = await assignments.find(assignmentId(slot));
  return row === undefined || (row.goneAt === null && row.removing === null && row.holders.length === 0);
}

/** A writer that was held up for long puts the policy back after it was taken away. */
const lateWriter = which.map((of) =>
  command(`a late writer of ${of}`, async ({ iam, state, ...world }) => {
    const lease = await state.leases.find((await at({ iam, state, ...world }, of))?.id.slice(4) ?? '');
    if (lease?.state !== 'revoked' && lease?.state !== 'revoking') return;
    if (await isOthers(state, lease.edit.slot)) return;
    await iam.write(lease.edit.slot, lease.edit.after, { change: lease.change });
    world.happened.add('a late writer');
  }),
);
const losing = fc.nat(2).map((index) =>
  command(`schedule ${index} is lost`, async ({ scheduler, watch, happened }) => {
    const lost = scheduler.waiting()[index];
    if (!lost) return;
    watch.fired(lost.lease);
    happened.add('a schedule is lost');
  }),
);
const tampering = fc.tuple(which, fc.constantFrom('plan', 'digest', 'applied')).map(([of, how]) =>
  command(`somebody rewrites the ${how} of ${of}`, async (world) => {
    const change = await at(world, of);
    if (change?.state === 'approved' || change?.state === 'applying') world.tampered.set(change.id, how as 'plan');
  }),
);

const weighted: readonly [number, fc.Arbitrary<Command>][] = [
  [7, usual],
  [2, odd],
  [4, goOn],
  [2, urgent],
  [3, reviewing],
  [5, decision],
  [9, agreement],
  [5, delivery],
  [8, everything],
  [2, ending],
  [1, alarm],
  [1, leaving],
  [2, outage],
  [4, waiting],
  [2, sweeping],
  [1, killing],
  [2, lateWriter],
  [1, losing],
  [1, tampering],
];

const fault = fc.constantFrom<Fault>('before', 'after', 'crash-before', 'crash-after', 'lost', 'twice', 'meanwhile');

const aim = fc
  .tuple(
    fc.constantFrom(
      'iam.write',
      'iam.read',
      'leases.commit',
      'changes.commit',
      'scheduler.revokeAt',
      'scheduler.cancel',
      'signer.sign',
      'verifier.verify',
      'leases.due',
      'leases.settling',
      'assignments.find',
      'assignments.commit',
    ),
    fc.constantFrom(0, 0, 0, 1, 1, 2, 3),
  )
  .map(([call, nth]) => `${call}#${nth}`);

export interface History {
  commands: Iterable<Command>;
  planned: ReadonlyMap<number | string, Fault>;
  slackDown: boolean;
  /** Two have agreed to a loan before anything breaks. */
  begun: 'ada' | 'a permission set' | null;
}

/** A loan of ada's that waits to be carried out. */
export async function begin(world: LeaseWorld, on: NonNullable<History['begun']>): Promise<void> {
  const deps = unbroken(world);
  const { id, digest } = await requestAccess(deps)({ ...loan, target: targets[on], key: 'begun', duration: 3600 });
  for (const by of ['ben', 'cyd']) await decideChange(deps)({ change: id, by, verdict: 'approve', digest });
}

/** What may happen, and what breaks meanwhile. */
export const histories: fc.Arbitrary<History> = fc.record({
  // fast-check takes one of several by repeating it.
  commands: fc.commands(
    weighted.flatMap(([weight, each]) => Array.from({ length: weight }, () => each)),
    { maxCommands: 30, size: 'max' },
  ),
  planned: fc
    .tuple(
      fc.array(fc.tuple(fc.nat(150), fault), { maxLength: 10, size: 'max' }),
      // By number alone, few would meet the calls that matter most, which are the fewest.
      fc.array(fc.tuple(aim, fault), { maxLength: 5, size: 'max' }),
    )
    .map((pairs) => new Map<number | string, Fault>(pairs.flat())),
  slackDown: fc.boolean(),
  begun: fc.constantFrom<History['begun']>(null, 'ada', 'ada', 'a permission set', 'a permission set'),
});
