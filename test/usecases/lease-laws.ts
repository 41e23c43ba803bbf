import fc from 'fast-check';
import { verifyChain } from '../../core/audit/chain.ts';
import { isTerminal } from '../../core/changes/terminal.ts';
import type { Lease } from '../../core/leases/lease.ts';
import { secondsOf } from '../../core/time.ts';
import { account } from './change-world.ts';
import { begin, type History, histories } from './lease-commands.ts';
import { isSameSlot, type Law } from './lease-watchers.ts';
import { bringToRest, changesNow, type LeaseWorld, leaseWorld } from './lease-world.ts';

/** How a history went: what it violated, and what was reached in it, so that nobody proves laws about nothing. */
interface Told {
  violations: ReadonlyMap<Law, string>;
  reached: readonly string[];
}

/** Runs one history to its end and holds the world against every law. */
async function tell({ commands, planned, slackDown, begun }: History): Promise<Told> {
  const world = await leaseWorld({ planned, slackDown });
  if (begun) await begin(world, begun);
  await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
  await lookAtWhatIsLent(world);
  await bringToRest(world, lookAtAccess);
  await lookAtRest(world);
  await lookAtAudit(world);
  return { violations: world.violations, reached: await reachedIn(world) };
}

const violate = ({ violations }: LeaseWorld, law: Law, words: string) =>
  void (violations.has(law) || violations.set(law, words));

/** Every five minutes a sweep: whatever was due then must be gone, whether anybody can be told or not. */
async function lookAtAccess(world: LeaseWorld): Promise<void> {
  for (const lease of await world.state.leases.list(20)) {
    if (secondsOf(world.clock.now) - secondsOf(lease.endsAt) < 300) continue;
    if ((await world.iam.read(lease.edit.slot)) === null || (await isHeldBesides(world, lease))) continue;
    violate(world, world.slackDown ? 'P11' : 'P1', `${lease.id} is still in IAM five minutes after its end`);
  }
}

/** An assignment that another lease lends too, for longer, or that stood before any. */
async function isHeldBesides({ state, standing, clock }: LeaseWorld, { id, edit: { slot } }: Lease): Promise<boolean> {
  const others = (await state.leases.list(20)).filter((other) => other.id !== id && isSameSlot(other.edit.slot, slot));
  return isSameSlot(slot, standing) || others.some(({ endsAt }) => secondsOf(clock.now) - secondsOf(endsAt) < 300);
}

/** What is lent by a lease that is active is there, whatever became of others on it. */
async function lookAtWhatIsLent(world: LeaseWorld): Promise<void> {
  world.iam.throttleNext(0);
  for (const lease of await world.state.leases.list(20))
    if (lease.state === 'active' && (await world.iam.read(lease.edit.slot)) === null)
      violate(world, 'P7', `${lease.id} is active and what it lends is gone`);
  if ((await world.iam.read(world.standing)) === null)
    violate(world, 'P7', 'an assignment that stood before every lease is gone');
}

async function lookAtRest(world: LeaseWorld): Promise<void> {
  for (const change of await changesNow(world))
    if (!isTerminal(change)) violate(world, 'P10', `${change.id} stays ${change.state}`);
  for (const lease of await world.state.leases.list(20)) {
    if (lease.state !== 'closed') violate(world, 'P10', `${lease.id} stays ${lease.state}`);
    if ((await world.iam.read(lease.edit.slot)) !== null && !isSameSlot(lease.edit.slot, world.standing))
      violate(world, 'P6', `${lease.id} is in IAM although it is over`);
  }
  for (const holder of (await world.iam.scan(account, world.clock.now)).inventory.principals) {
    if (holder.path === '/leastwise/') violate(world, 'P6', `${holder.arn} is there although everything is over`);
    const names = holder.inline.map(({ name }) => name);
    const kept =
      holder.arn === (world.foreign as { principal: string }).principal ? ['work', world.foreign.name] : ['work'];
    if (JSON.stringify(names) !== JSON.stringify(kept))
      violate(world, 'P12', `${holder.arn} holds ${names.join(', ')}`);
  }
  await lookAtWhatIsLent(world);
  await lookAtTotals(world);
}

/** How long anybody had the same access without a break that a new request, and not an extension, made. */
async function lookAtTotals(world: LeaseWorld): Promise<void> {
  const leases = await world.state.leases.list(20);
  for (const lease of leases) {
    let first = lease;
    for (let n = 0; n < 10; n += 1) {
      const terms = (await world.state.changes.find(first.change))?.plan.terms;
      const from = terms?.kind === 'lending' ? terms.extends?.lease : undefined;
      const before = leases.find(({ id }) => id === from);
      if (before === undefined) break;
      if (before.beneficiary !== lease.beneficiary) violate(world, 'P5', `${lease.id} goes on from somebody else's`);
      first = before;
    }
    const hours = (secondsOf(lease.endsAt) - secondsOf(first.startsAt)) / 3600;
    if (hours > 3) violate(world, 'P5', `${lease.id} ends ${hours} h after ${first.id} began`);
  }
}

async function lookAtAudit(world: LeaseWorld): Promise<void> {
  const rows = [
    ...(await changesNow(world)).map((row) => ({ type: 'change', id: row.id as string, row })),
    ...(await world.state.leases.list(20)).map((row) => ({ type: 'lease', id: row.id as string, row })),
  ];
  for (const { type, id, row } of rows) {
    const events = await world.archive.chain(type, id);
    const broken = verifyChain(events, row.audit);
    if (broken.length > 0) violate(world, 'P9', `${type} ${id}: ${JSON.stringify(broken)}`);
    if (events.length !== row.version)
      violate(world, 'P9', `${type} ${id}: ${events.length} events, version ${row.version}`);
    const types = events.map((event) => event.type);
    const once = [
      'lease.active',
      'lease.revoking',
      'lease.revoked',
      'change.approved',
      'change.denied',
      'change.verified',
    ];
    for (const each of once)
      if (types.filter((other) => other === each).length > 1) violate(world, 'P8', `${id}: ${each} twice`);
    if (types.includes('lease.revoking') && types.lastIndexOf('lease.active') > types.indexOf('lease.revoking'))
      violate(world, 'P6', `${id} was active after it was being revoked`);
  }
  for (const { change, by, why } of world.refused) {
    const told = (await world.archive.chain('change', change)).some(
      (event) => event.type === 'change.decision-refused' && event.by === by && event.data.refusal === why,
    );
    if (!told) violate(world, 'P9', `that ${by} was refused about ${change}, ${why}, is not told`);
  }
}

async function reachedIn(world: LeaseWorld): Promise<readonly string[]> {
  const reached = new Set<string>(world.happened);
  for (const lease of await world.state.leases.list(20)) {
    for (const { type } of await world.archive.chain('lease', lease.id)) reached.add(type);
    reached.add(`revoked: ${lease.revokeReason}`);
  }
  for (const { why } of world.refused) reached.add(`decision refused: ${why}`);
  for (const { id, state, plan, refusal } of await changesNow(world)) {
    reached.add(`change ${state}${refusal ? `: ${refusal.reason}` : ''}`);
    if (plan.terms.kind === 'lending' && plan.terms.extends && (await world.state.leases.find(id.slice(4))))
      reached.add('extended');
  }
  if (world.tampered.size > 0) reached.add('tampered');
  for (const { review } of await changesNow(world))
    if (review)
      reached.add(`taken in an emergency, ${review.said?.verdict ?? (review.overdue ? 'overdue' : 'not looked at')}`);
  return [...reached];
}

export interface Outcome {
  seed: number;
  runs: number;
  /** The first history that violated the law, by its place. */
  violated: ReadonlyMap<Law, { run: number; words: string }>;
  reached: ReadonlyMap<string, number>;
}

/** Runs so many histories of that seed. `only`: stops at the first that violates this law. */
export async function runHistories(runs: number, seed: number, only?: Law): Promise<Outcome> {
  const violated = new Map<Law, { run: number; words: string }>();
  const reached = new Map<string, number>();
  // Faults are thrown by the thousand, and nobody reads where from.
  Error.stackTraceLimit = 0;
  for (let run = 0; run < runs; run += 1) {
    // Each by itself, so that a hundred thousand do not stand in memory at once.
    const [history] = fc.sample(histories, { numRuns: 1, seed: seed + run });
    if (history === undefined) break;
    const told = await tell(history);
    for (const [law, words] of told.violations)
      if (!violated.has(law)) violated.set(law, { run, words: `${words}\n${wordsOf(history)}` });
    for (const each of told.reached) reached.set(each, (reached.get(each) ?? 0) + 1);
    if (only !== undefined && violated.has(only)) return { seed, runs: run + 1, violated, reached };
  }
  return { seed, runs, violated, reached };
}

const wordsOf = ({ commands, planned, slackDown, begun }: History): string =>
  `${begun ? `a loan begun on ${begun}; ` : ''}${slackDown ? 'Slack down; ' : ''}${commands}; ${JSON.stringify([...planned])}`;
