import { evaluate } from '../../core/access/reference/evaluate.ts';
import { createSituations } from '../../core/access/situations.ts';
import type { DomainEvent } from '../../core/audit/event.ts';
import type { AssignmentSlot, Change, Edit, Slot } from '../../core/changes/change.ts';
import { digestOf } from '../../core/changes/digest.ts';
import { editsAt } from '../../core/changes/moments.ts';
import type { Configuration } from '../../core/configuration.ts';
import type { Inventory, PrincipalRecord } from '../../core/identity/inventory.ts';
import { leasePolicyPrefix } from '../../core/leases/access-left.ts';
import type { Lease, LeaseState } from '../../core/leases/lease.ts';
import { type Instant, plusSeconds, secondsOf } from '../../core/time.ts';
import type { IamSlots } from '../../usecases/ports/iam.ts';
import type { Scheduler } from '../../usecases/ports/scheduler.ts';
import type { AssignmentStore, ChangeStore, LeaseStore } from '../../usecases/ports/state-stores.ts';
import { account, type changeWorld, oncall } from './change-world.ts';

const laws = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10', 'P11', 'P12'] as const;
export type Law = (typeof laws)[number];

interface Watching {
  base: Awaited<ReturnType<typeof changeWorld>>;
  configuration: Configuration;
  humanOf: Readonly<Record<string, string>>;
  violate(law: Law, words: string): void;
  /** Something that the laws are about was reached. */
  happens(what: string): void;
}

const rank: readonly LeaseState[] = [
  'prepared',
  'provisioning',
  'active',
  'revoking',
  'revoke-stuck',
  'revoked',
  'verified',
  'closed',
];
const rankOf = ({ state }: Lease) => rank.indexOf(state);
const liveUntil = rank.indexOf('active');

/** The real stores and IAM, with every write held against the laws as it happens; written without the code under test. */
export function watchers(watching: Watching) {
  const { base, violate } = watching;
  const { state, clock } = base;
  const approvals = new Map<string, Change>();
  const lost = new Set<string>();
  const scheduled = new Set<string>();
  const tampered = new Map<string, 'plan' | 'digest' | 'applied'>();
  return {
    lost,
    approvals,
    tampered,
    /** What was asked of the schedules and answered, whether or not it took effect. */
    scheduled,
    /** A schedule fired and is gone. */
    fired: (lease: string) => {
      lost.add(lease);
      void base.scheduler.cancel(lease);
    },
    changes: watchedChanges(watching, approvals, tampered),
    leases: watchedLeases(watching, approvals),
    assignments: watchedAssignments(watching),
    iam: watchedIam(watching, approvals, scheduled),
    scheduler: {
      revokeAt: async (lease, at) => {
        const stored = await state.leases.find(lease);
        if (stored?.endsAt !== at) violate('P1', `the schedule of ${lease} is at ${at}, its end at ${stored?.endsAt}`);
        await base.scheduler.revokeAt(lease, at);
      },
      cancel: async (lease) => {
        const stored = await state.leases.find(lease);
        if (stored && rankOf(stored) <= liveUntil)
          violate('P7', `the schedule of ${lease} was taken off although it is ${stored.state}`);
        await base.scheduler.cancel(lease);
      },
    } satisfies Scheduler,
    now: () => clock.now,
  };
}

function watchedChanges(
  { base, violate, humanOf }: Watching,
  approvals: Map<string, Change>,
  tampered: ReadonlyMap<string, 'plan' | 'digest' | 'applied'>,
): ChangeStore {
  const { changes } = base.state;
  return {
    ...changes,
    find: async (id) => {
      const row = await changes.find(id);
      const how = tampered.get(id);
      return row && how ? rewritten(row, how) : row;
    },
    commit: async (before, given, events) => {
      const stored = await changes.find(given.id);
      const { plan, digest, decisions } = stored ?? given;
      const after = tampered.has(given.id) ? { ...given, plan, digest, decisions } : given;
      oneEvent(violate, `change ${after.id}`, events);
      await changes.commit(before, after, events);
      judgeDecisions(violate, humanOf, after);
      const isOver = before !== undefined && before.state !== 'planned' && before.approvedAt === null;
      if (isOver && before.state !== after.state)
        violate('P3', `${after.id} was ${before.state} and is ${after.state}`);
      if (after.state === 'approved') {
        if (approvals.has(after.id) && before?.state !== 'approved') violate('P3', `${after.id} was approved twice`);
        approvals.set(after.id, after);
      }
    },
  };
}

/** What the rules of the test world say, said once more. */
function judgeDecisions(violate: Watching['violate'], humanOf: Watching['humanOf'], change: Change): void {
  if (change.review !== undefined) {
    judgeEmergency(violate, humanOf, change);
    return;
  }
  const humans = change.decisions.map(({ by }) => humanOf[by] ?? by);
  const parties = [change.requester, change.beneficiary].map((id) => humanOf[id ?? ''] ?? id);
  if (new Set(humans).size !== humans.length) violate('P3', `${change.id}: ${humans.join(', ')} decided`);
  for (const human of humans) {
    if (parties.includes(human)) violate('P3', `${change.id}: ${human} decided and is a party`);
    if (!['Ada', 'Ben', 'Cyd'].includes(human)) violate('P3', `${change.id}: ${human} is no approver`);
  }
  const said = change.decisions.filter(({ verdict }) => verdict === 'approve').length;
  const isThrough = change.approvedAt !== null;
  if (isThrough && said < 2) violate('P3', `${change.id} was approved by ${said}`);
  for (const { digest } of change.decisions)
    if (digest !== change.digest) violate('P4', `${change.id} was decided under another digest`);
}

/** The standing decision of the test world, said once more: Ada, for herself, an hour; somebody else within a day. */
function judgeEmergency(violate: Watching['violate'], humanOf: Watching['humanOf'], change: Change): void {
  const { requester, beneficiary, decisions, review, approvedAt } = change;
  const { terms } = change.plan;
  const human = (id: string | null) => humanOf[id ?? ''] ?? id;
  const taken = decisions.filter(({ rule }) => rule === 'standing:night').map(({ by }) => by);
  if (taken.length !== 1 || [requester, beneficiary, ...taken].some((id) => human(id) !== 'Ada'))
    violate('P3', `${change.id} was taken in an emergency by ${taken.join(', ')} for ${beneficiary}`);
  // Where it was not taken at once, others may have begun to approve it as any other request.
  const others = decisions.filter(({ by }) => !taken.includes(by)).map(({ by }) => human(by));
  if (new Set(others).size !== others.length || others.some((other) => other !== 'Ben' && other !== 'Cyd'))
    violate('P3', `${change.id}, taken in an emergency: ${others.join(', ')} decided too`);
  if (terms.kind !== 'lending' || terms.duration > 3600) violate('P3', `${change.id} was taken for too long`);
  if (review === undefined || approvedAt === null || review.due > plusSeconds(approvedAt, 24 * 3600))
    violate('P10', `${change.id} was taken in an emergency and need not be looked at`);
  const said = review?.said?.by;
  if (said !== undefined && !['Ben', 'Cyd'].includes(human(said) ?? ''))
    violate('P3', `what Ada took (${change.id}) was reviewed by ${said}`);
}

function watchedLeases(
  { base, violate, happens, configuration }: Watching,
  approvals: ReadonlyMap<string, Change>,
): LeaseStore {
  const { leases } = base.state;
  return {
    ...leases,
    commit: async (before, after, events) => {
      oneEvent(violate, `lease ${after.id}`, events);
      const stored = await leases.find(after.id);
      await leases.commit(before, after, events);
      for (const what of reachedBy(after, await leases.list(20))) happens(what);
      if (stored && rankOf(after) < rankOf(stored))
        violate('P6', `${after.id} went from ${stored.state} to ${after.state}`);
      if (stored && after.endsAt !== stored.endsAt) violate('P5', `the end of ${after.id} moved`);
      if (stored === undefined) judgeEnd(violate, configuration, after, approvals.get(after.change));
      const begins = stored && rankOf(stored) <= liveUntil && after.state === 'revoking';
      // A clock may go back by half a minute between the schedule that fired and whoever hears of it.
      if (begins && after.revokeReason === 'ended' && plusSeconds(base.clock.now, 60) < after.endsAt)
        violate('P7', `${after.id} was called ended before its end`);
      if (begins && stored.state === 'active' && after.revokeReason === 'in-doubt' && events[0]?.by === 'sweep-leases')
        violate('P7', `the sweeper took ${after.id}, which was active`);
    },
  };
}

/** What a commit of a lease reached, by itself and among the others. */
function reachedBy(after: Lease, others: readonly Lease[]): string[] {
  const state = `lease ${after.state}`;
  if (after.state !== 'active') return [state];
  const { slot } = after.edit;
  const kind = isRole(slot)
    ? ['lease role active']
    : slot.type === 'account-assignment'
      ? ['permission set active']
      : [];
  const both = others.filter((other) => overlaps(other, after));
  const shared = both.some(({ edit }) => isSameSlot(edit.slot, slot)) ? ['an assignment of two leases'] : [];
  return [state, ...kind, ...shared, ...(both.length > 0 ? ['overlapping leases'] : [])];
}

const isRole = (slot: Slot): boolean => slot.type === 'lease-role';

const overlaps = (one: Lease, other: Lease): boolean =>
  one.id !== other.id && one.state === 'active' && (one.carrier === other.carrier || isRole(one.edit.slot));

function judgeEnd(violate: Watching['violate'], { lending }: Configuration, lease: Lease, change?: Change): void {
  const terms = change?.plan.terms;
  if (terms?.kind !== 'lending' || !change?.approvedAt) {
    violate('P2', `${lease.id} stands on no approval`);
    return;
  }
  const end = plusSeconds(change.approvedAt, terms.duration);
  if (lease.endsAt !== end) violate('P5', `${lease.id} ends at ${lease.endsAt}, approved was ${end}`);
  if (terms.duration > lending.maxHours * 3600) violate('P5', `${lease.id} is longer than may be`);
}

function watchedIam(
  watching: Watching,
  approvals: ReadonlyMap<string, Change>,
  scheduled: ReadonlySet<string>,
): IamSlots {
  const { base, violate } = watching;
  const { iam, state } = base;
  return {
    ...iam,
    write: async (slot, value, context) => {
      if (slot.type === 'account-assignment') {
        await judgeAssignment(watching, slot, value, approvals.get(context.change), scheduled);
        await iam.write(slot, value, context);
        return;
      }
      const place = placeOf(slot);
      const lease = place && (await state.leases.find(place.lease));
      if (place === undefined) violate('P12', `${JSON.stringify(slot)} was written`);
      else if (value === null) {
        if (lease === undefined) violate('P12', `${place.name} was removed and is no lease's`);
        else if (rankOf(lease) <= liveUntil) violate('P7', `${place.name} was removed although it is ${lease.state}`);
      } else judgeGrant(violate, place, value, lease, approvals.get(context.change), scheduled);
      await iam.write(slot, value, context);
    },
    read: (slot) => iam.read(slot),
    accessKeys: (of, user) => iam.accessKeys(of, user),
  };
}

/** That of a lease which is active is there, and what nobody approved or what stood before is never touched. */
async function judgeAssignment(
  { base, violate }: Watching,
  slot: AssignmentSlot,
  value: string | null,
  change: Change | undefined,
  scheduled: ReadonlySet<string>,
): Promise<void> {
  const leases = await base.state.leases.list(20);
  if (slot.user !== 'a-1') violate('P12', `the assignment of ${slot.user}, which stood before, was written`);
  if (value === null) {
    const living = leases.find(({ edit, state }) => state === 'active' && isSameSlot(edit.slot, slot));
    if (living) violate('P7', `the assignment was taken away although ${living.id} is active`);
    return;
  }
  const lease = leases.find((each) => each.change === change?.id);
  if (lease === undefined || lease.generation === 0) violate('P2', 'a permission set was assigned without a lease');
  else if (!scheduled.has(lease.id)) violate('P2', `${lease.id} was assigned without a schedule`);
  const [edit] = change?.plan.edits ?? [];
  const isApproved = change?.approvedAt != null && digestOf(change.plan) === change.digest;
  if (!isApproved || !edit || !isSameSlot(edit.slot, slot))
    violate('P4', `what was assigned by ${change?.id} is not what was approved`);
}

export const isSameSlot = (one: Slot, other: Slot): boolean => JSON.stringify(one) === JSON.stringify(other);

function watchedAssignments({ base, violate }: Watching): AssignmentStore {
  const { assignments } = base.state;
  return {
    ...assignments,
    commit: async (before, after, events) => {
      oneEvent(violate, `assignment ${after.id}`, events);
      await assignments.commit(before, after, events);
    },
  };
}

/** Where a lease's access stands: a policy on a carrier, or a role of its own. */
interface Place {
  lease: string;
  name: string;
  principal: string;
}

const rolePrefix = `arn:aws:iam::${account}:role/leastwise/lease-`;

/** The place that the names allow a lease; undefined: no lease may be written there. */
function placeOf(slot: Slot): Place | undefined {
  if (slot.type === 'inline-policy' && slot.name.startsWith(leasePolicyPrefix))
    return { lease: slot.name.slice(leasePolicyPrefix.length), name: slot.name, principal: slot.principal };
  if (slot.type === 'lease-role' && slot.role.startsWith(rolePrefix))
    return { lease: slot.role.slice(rolePrefix.length), name: slot.role, principal: slot.role };
  return undefined;
}

function judgeGrant(
  violate: Watching['violate'],
  slot: Place,
  text: string,
  lease: Lease | undefined,
  change: Change | undefined,
  scheduled: ReadonlySet<string>,
): void {
  if (lease === undefined) {
    violate('P2', `${slot.name} was granted without a lease`);
    return;
  }
  if (lease.generation === 0) violate('P2', `${lease.id} was granted while it was only prepared`);
  if (!scheduled.has(lease.id)) violate('P2', `${lease.id} was granted without a schedule`);
  if (!text.includes(`"aws:CurrentTime":"${lease.endsAt}"`)) violate('P2', `${lease.id} was granted with another end`);
  const policy = slot.principal.startsWith(rolePrefix) ? policyOfRole(violate, text, lease) : text;
  if (isAllowed(slot.principal, policy, lease.endsAt)) violate('P1', `${lease.id} allows at its end`);
  if (!isAllowed(slot.principal, policy, plusSeconds(lease.endsAt, -1))) violate('P4', `${lease.id} lends nothing`);
  if (!change?.approvedAt) {
    violate('P4', `${lease.id} was granted without an approval`);
    return;
  }
  const approved = editsAt(change.plan, change.approvedAt).map(({ after }) => after);
  if (digestOf(change.plan) !== change.digest || !approved.includes(text))
    violate('P4', `what was granted by ${lease.id} is not what was approved`);
  if (slot.principal !== `${rolePrefix}${lease.id}` && !lent.includes(slot.principal))
    violate('P12', `${slot.principal} did not opt in`);
}

interface Role {
  policy: unknown;
  trust: { Statement: { Principal: unknown; Condition: Record<string, Record<string, string>> }[] };
}

/** The policy of a role whose trust ends with the lease and lets its one person in. */
function policyOfRole(violate: Watching['violate'], text: string, lease: Lease): string {
  const { policy, trust } = JSON.parse(text) as Role;
  for (const { Condition } of trust.Statement) {
    if (Condition.DateLessThan?.['aws:CurrentTime'] !== lease.endsAt)
      violate('P1', `${lease.id} trusts beyond its end`);
    if (Condition.StringEquals?.['sts:SourceIdentity'] !== lease.beneficiary)
      violate('P4', `${lease.id} trusts somebody else than ${lease.beneficiary}`);
  }
  return JSON.stringify(policy);
}

/** Carriers that opted in for who may be lent something. */
const lent: readonly string[] = [oncall, oncall.replace('ada-oncall', 'bens')];

function oneEvent(violate: Watching['violate'], what: string, events: readonly DomainEvent[]): void {
  if (events.length !== 1) violate('P9', `${what}: ${events.length} events in one commit`);
}

/** Whether the text alone lets the carrier read the report at that moment, by the access engine. */
export function isAllowed(carrier: string, text: string, at: Instant): boolean {
  const asked = `${at} ${carrier} ${text}`;
  const known = answers.get(asked) ?? evaluated(carrier, text, at);
  if (answers.size < 10_000) answers.set(asked, known);
  return known;
}
/** The answer depends on nothing else, and histories ask the same again and again. */
const answers = new Map<string, boolean>();

function evaluated(carrier: string, text: string, at: Instant): boolean {
  const beneficiary = carrier.includes('bens') ? 'ben' : 'ada';
  const record: PrincipalRecord = {
    type: 'role',
    id: 'AROAX',
    arn: carrier,
    name: carrier.slice(carrier.lastIndexOf('/') + 1),
    path: '/',
    createdAt: null,
    tags: { 'leastwise:beneficiary': beneficiary },
    trust: null,
    inline: [{ name: 'x', arn: null, text }],
    attached: [],
    boundary: null,
    groups: [],
  };
  const inventory: Inventory = { v: 1, account, takenAt: at, principals: [record], groups: [], managed: new Map() };
  const situation = createSituations({ inventories: [inventory], tree: null, resources: [] })({
    principal: carrier,
    principalKind: null,
    principalRoleArn: carrier,
    federatingUserArn: null,
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::reports/2025',
    resourceAccount: account,
    context: new Map([
      ['aws:currenttime', at],
      ['aws:epochtime', String(secondsOf(at))],
    ]),
    unknown: new Set(),
    sessionPolicies: null,
    vpcEndpointPolicies: [],
  });
  return evaluate(situation).outcome === 'allowed';
}

/** A row as somebody with the table in his hands would make it: more, under the same approval. */
function rewritten(row: Change, how: 'plan' | 'digest' | 'applied'): Change {
  if (row.plan.terms.kind !== 'lending') return row;
  const widen = (edit: Edit): Edit => ({
    ...edit,
    slot: edit.slot.type === 'account-assignment' ? { ...edit.slot, user: 'b-1' } : edit.slot,
    after: edit.after?.replaceAll('arn:aws:s3:::reports/*', '*') ?? null,
  });
  if (how === 'applied') return { ...row, applied: row.applied.map(widen) };
  const plan = { ...row.plan, edits: row.plan.edits.map(widen) };
  if (how === 'plan') return { ...row, plan };
  const digest = digestOf(plan);
  return { ...row, plan, digest, decisions: row.decisions.map((decision) => ({ ...decision, digest })) };
}
