import type { AssignmentSlot, Change } from '../core/changes/change.ts';
import { groupWith, isRoleOf } from '../core/identity/identity-center.ts';
import type { Inventory, PrincipalRecord } from '../core/identity/inventory.ts';
import type { ActorId, PrincipalId } from '../core/identity/principal.ts';
import { accessLeft } from '../core/leases/access-left.ts';
import { assignmentId, isInvolved, isUnsettled } from '../core/leases/assignment.ts';
import { isSettling } from '../core/leases/due.ts';
import type { Lease, Residue } from '../core/leases/lease.ts';
import { type Evidence, keysMadeOf, residueOf } from '../core/leases/residue.ts';
import { closed, type LeaseStep, residueFound, verified } from '../core/leases/step.ts';
import { type Instant, plusSeconds } from '../core/time.ts';
import type { LedgerItem } from '../core/usage/item.ts';
import type { LineageChild, LineageEdge } from '../core/usage/lineage.ts';
import type { IamSlots } from './ports/iam.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { OrganizationStore } from './ports/organization-scan.ts';
import type { AssignmentStore, ChangeStore, LeaseStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface VerifyLeasesDeps {
  leases: Pick<LeaseStore, 'find' | 'commit' | 'settling' | 'list'>;
  changes: Pick<ChangeStore, 'find'>;
  assignments: Pick<AssignmentStore, 'find'>;
  inventories: Pick<InventoryStore, 'read'>;
  /** Where Identity Center was read; absent: no lent permission set can be verified. */
  organizations?: Pick<OrganizationStore, 'read'>;
  ledger: Pick<LedgerStore, 'itemsOfPrincipal' | 'itemsOfActor' | 'parentsOf'>;
  iam: Pick<IamSlots, 'read' | 'accessKeys'>;
  now(): Instant;
}

/** What one look did; `held` names what keeps leases open. */
export interface VerifiedLeases {
  verified: readonly string[];
  closed: readonly string[];
  held: readonly { lease: string; residue: readonly Residue[] }[];
  failed: readonly { lease: string; detail: string }[];
}

/** Longer than any function runs that might still write: what reads as gone by then stays gone. */
const settled = 900;
/** What was done in a lease's last moment is in the ledger by then: calls that write IAM or assume roles take the fast lane. */
const told = 3600;
const atOnce = 1000;
const by = 'verify-leases';

/**
 * The witness of revocation, which can change nothing in IAM: computes access anew without the policy, and closes a lease
 * only when no key, edited trust, chained session or other grant that was made under it remains. What remains is named.
 */
export const verifyLeases = (deps: VerifyLeasesDeps) => async (): Promise<VerifiedLeases> => {
  const verifiedNow: string[] = [];
  const closedNow: string[] = [];
  const held: { lease: string; residue: readonly Residue[] }[] = [];
  const failed: { lease: string; detail: string }[] = [];
  for (const id of await settlingNow(deps)) {
    try {
      const steps = await whenStale(() => settle(deps, id));
      if (steps.verified) verifiedNow.push(id);
      if (steps.closed) closedNow.push(id);
      if (steps.residue.length > 0) held.push({ lease: id, residue: steps.residue });
    } catch (fault) {
      failed.push({ lease: id, detail: fault instanceof Error ? fault.message : String(fault) });
    }
  }
  return { verified: verifiedNow, closed: closedNow, held, failed };
};

/**
 * A lease that release 1 took back and had not closed lies in no index of what settles until it is written anew; it is
 * among the newest, for it ended within hours of its start.
 */
async function settlingNow({ leases }: Pick<VerifyLeasesDeps, 'leases'>): Promise<ReadonlySet<string>> {
  const indexed = await leases.settling(atOnce);
  const older = (await leases.list(atOnce)).filter(isSettling);
  return new Set([...indexed, ...older].map(({ id }) => id));
}

interface Settled {
  verified: boolean;
  closed: boolean;
  residue: readonly Residue[];
}

async function settle(deps: VerifyLeasesDeps, id: string): Promise<Settled> {
  const found = await deps.leases.find(id);
  const now = deps.now();
  const before = { verified: false, closed: false, residue: found?.residue ?? [] };
  if (!found?.revokedAt || now < plusSeconds(found.revokedAt, settled)) return before;
  const inventory = await deps.inventories.read(found.account);
  // Of an account that was not read since the access was lent nothing can be said yet; the night reads it.
  if (inventory === undefined || inventory.takenAt < found.startsAt) return before;
  const looked = await look(deps, found, inventory, now);
  if (looked === undefined) return before;
  const { how, carrier, evidence } = looked;
  const isVerified = verified(found, how, now, by);
  const lease = isVerified ? await commit(deps, found, isVerified) : found;
  const residue = residueOf(lease, carrier, evidence, now);
  const named = residueFound(lease, residue, now, by);
  const told = named ? await commit(deps, lease, named) : lease;
  const end = isTold(told, now) ? closed(told, now, by) : undefined;
  if (end) await commit(deps, told, end);
  return { verified: isVerified !== undefined, closed: end !== undefined, residue };
}

const isTold = ({ revokedAt, endsAt }: Lease, now: Instant): boolean =>
  revokedAt !== null && now >= plusSeconds(revokedAt > endsAt ? revokedAt : endsAt, told);

/** The terms, unless they are of a time in which nobody wrote down what the carrier could do anyway. */
function lentBy(change: Change | undefined) {
  const terms = change?.plan.terms;
  return terms?.kind === 'lending' && terms.already !== undefined ? terms : undefined;
}

/** What is there now of the lease and of what was done under it; undefined where it is not gone, or that cannot be said yet. */
async function look(
  deps: VerifyLeasesDeps,
  lease: Lease,
  inventory: Inventory,
  now: Instant,
): Promise<LookedAt | undefined> {
  const change = await deps.changes.find(lease.change);
  if (lease.edit.slot.type === 'account-assignment')
    return lookAtAssignment(deps, lease, lease.edit.slot, change, inventory, now);
  if ((await deps.iam.read(lease.edit.slot)) !== null) return undefined;
  const terms = lentBy(change);
  const how = { snapshot: inventory.takenAt, recomputed: terms ? terms.actions.length * terms.resources.length : 0 };
  return { how, ...(await ofCarrier(deps, lease, terms, inventory, now)) };
}

/**
 * Of a permission set: no lease of theirs is on the assignment that is over, what is assigned now or by a group is access
 * that is left, and of what its role did only what they did counts.
 */
async function lookAtAssignment(
  deps: VerifyLeasesDeps,
  lease: Lease,
  slot: AssignmentSlot,
  change: Change | undefined,
  inventory: Inventory,
  now: Instant,
): Promise<LookedAt | undefined> {
  const row = await deps.assignments.find(assignmentId(slot));
  const byHand = (await deps.iam.read(slot)) !== null && (row?.holders.length ?? 0) === 0;
  // The sweeper looks first: what is there may be a late writer's of ours, and once no lease is left to look for, what
  // somebody assigns later would still be taken for ours.
  if (isInvolved(row, lease.id) || isUnsettled(row)) return undefined;
  const kept = await deps.organizations?.read();
  const center = kept?.tree.identityCenter;
  const snapshot = kept?.parts.find(({ part }) => part === 'identity-center')?.takenAt;
  if (!center || !snapshot || snapshot < lease.startsAt) return undefined;
  const group = groupWith(center, slot);
  const left = [
    ...(group === undefined ? [] : [`${lease.carrier} by the group ${group}`]),
    ...(byHand ? [lease.carrier] : []),
  ];
  const did = await underSet(deps, lease, change, inventory, now);
  return { how: { snapshot, recomputed: 1 }, ...did, evidence: { ...did.evidence, left } };
}

/** What the beneficiary did as the role of the set, which others may enter too; and how long their last session lasts. */
async function underSet(
  deps: VerifyLeasesDeps,
  lease: Lease,
  change: Change | undefined,
  inventory: Inventory,
  now: Instant,
): Promise<Omit<LookedAt, 'how'>> {
  const actors: ReadonlySet<ActorId> = new Set(change?.lineage ?? []);
  const all = (await Promise.all([...actors].map((actor) => deps.ledger.itemsOfActor(actor)))).flat();
  const items = all.filter(({ arn }) => isRoleOf(lease.carrier, arn));
  const theirs = (edges: readonly LineageEdge[]) => edges.filter(({ parent }) => actors.has(parent.actor));
  const [entered, keys] = await Promise.all([
    rolesEntered(deps, items, inventory),
    keysNow(deps, lease, items, inventory, now),
  ]);
  const evidence: Evidence = {
    items,
    keys: keys.map((key) => ({ ...key, parents: theirs(key.parents) })),
    roles: entered.map((role) => ({ ...role, parents: theirs(role.parents) })),
    present: new Set(inventory.principals.map(({ arn }) => arn)),
    left: [],
    ...sessionOf(lease, change),
  };
  const carrier = {
    id: items[0]?.principal ?? lease.carrier,
    arn: items[0]?.arn ?? lease.carrier,
    type: 'role' as const,
  };
  return { carrier, evidence };
}

const sessionOf = ({ carrier, revokedAt }: Lease, change: Change | undefined): Pick<Evidence, 'session'> => {
  const set = change?.plan.terms.kind === 'lending' ? change.plan.terms.permissionSet : undefined;
  return set && revokedAt ? { session: { what: carrier, until: plusSeconds(revokedAt, set.session) } } : {};
};

interface LookedAt {
  how: { snapshot: Instant; recomputed: number };
  carrier: Pick<PrincipalRecord, 'id' | 'arn' | 'type'>;
  evidence: Evidence;
}

async function ofCarrier(
  deps: VerifyLeasesDeps,
  lease: Lease,
  terms: ReturnType<typeof lentBy>,
  inventory: Inventory,
  now: Instant,
): Promise<Omit<LookedAt, 'how'>> {
  const known = inventory.principals.find(({ arn }) => arn === lease.carrier);
  const type = lease.carrier.includes(':user/') ? ('user' as const) : ('role' as const);
  const carrier = known ?? { id: lease.carrier, arn: lease.carrier, type };
  const ids = [...new Set([carrier.id, carrier.arn])] as PrincipalId[];
  const items = (await Promise.all(ids.map((id) => deps.ledger.itemsOfPrincipal(id)))).flat();
  const evidence: Evidence = {
    items,
    keys: await keysNow(deps, lease, items, inventory, now),
    roles: await rolesEntered(deps, items, inventory),
    present: new Set(inventory.principals.map(({ arn }) => arn)),
    left: terms && known ? accessLeft(lease.carrier, terms, inventory) : [],
  };
  return { carrier, evidence };
}

/** Keys of the users for whom one may have been made, with who made them. */
async function keysNow(
  { iam, ledger }: VerifyLeasesDeps,
  lease: Lease,
  items: readonly LedgerItem[],
  { principals }: Inventory,
  now: Instant,
): Promise<Evidence['keys']> {
  const everybody = principals.filter(({ type }) => type === 'user').map(({ arn }) => arn);
  const keys: Evidence['keys'][number][] = [];
  for (const user of keysMadeOf(lease, items, now) ?? everybody) {
    for (const key of await iam.accessKeys(lease.account, user))
      keys.push({ ...key, parents: await ledger.parentsOf(key.id as LineageChild) });
  }
  return keys;
}

async function rolesEntered(
  { ledger }: VerifyLeasesDeps,
  items: readonly LedgerItem[],
  { principals }: Inventory,
): Promise<Evidence['roles']> {
  const entered = new Set(
    items.filter(({ kind }) => kind === 'assumed-role').flatMap(({ entries }) => [...entries.keys()]),
  );
  return Promise.all(
    [...entered].map(async (arn) => {
      const id = principals.find((principal) => principal.arn === arn)?.id;
      const names = [arn, ...(id === undefined ? [] : [id])] as LineageChild[];
      return { arn, parents: (await Promise.all(names.map((name) => ledger.parentsOf(name)))).flat() };
    }),
  );
}

async function commit({ leases }: Pick<VerifyLeasesDeps, 'leases'>, before: Lease, step: LeaseStep): Promise<Lease> {
  await leases.commit(before, step.after, step.events);
  return step.after;
}
