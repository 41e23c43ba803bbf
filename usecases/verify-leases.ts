import type { Change } from '../core/changes/change.ts';
import type { Inventory, PrincipalRecord } from '../core/identity/inventory.ts';
import type { PrincipalId } from '../core/identity/principal.ts';
import { accessLeft } from '../core/leases/access-left.ts';
import { isSettling } from '../core/leases/due.ts';
import type { Lease, Residue } from '../core/leases/lease.ts';
import { type Evidence, keysMadeOf, residueOf } from '../core/leases/residue.ts';
import { closed, type LeaseStep, residueFound, verified } from '../core/leases/step.ts';
import { type Instant, plusSeconds } from '../core/time.ts';
import type { LedgerItem } from '../core/usage/item.ts';
import type { LineageChild } from '../core/usage/lineage.ts';
import type { IamSlots } from './ports/iam.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { ChangeStore, LeaseStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface VerifyLeasesDeps {
  leases: Pick<LeaseStore, 'find' | 'commit' | 'settling' | 'list'>;
  changes: Pick<ChangeStore, 'find'>;
  inventories: Pick<InventoryStore, 'read'>;
  ledger: Pick<LedgerStore, 'itemsOfPrincipal' | 'parentsOf'>;
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
  if ((await deps.iam.read(found.edit.slot)) !== null) return before;
  const terms = lentBy(await deps.changes.find(found.change));
  const how = { snapshot: inventory.takenAt, recomputed: terms ? terms.actions.length * terms.resources.length : 0 };
  const isVerified = verified(found, how, now, by);
  const lease = isVerified ? await commit(deps, found, isVerified) : found;
  const residue = residueOf(lease, ...(await evidence(deps, lease, terms, inventory, now)), now);
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

async function evidence(
  deps: VerifyLeasesDeps,
  lease: Lease,
  terms: ReturnType<typeof lentBy>,
  inventory: Inventory,
  now: Instant,
): Promise<[Pick<PrincipalRecord, 'id' | 'arn' | 'type'>, Evidence]> {
  const known = inventory.principals.find(({ arn }) => arn === lease.carrier);
  const type = lease.carrier.includes(':user/') ? ('user' as const) : ('role' as const);
  const carrier = known ?? { id: lease.carrier, arn: lease.carrier, type };
  const ids = [...new Set([carrier.id, carrier.arn])] as PrincipalId[];
  const items = (await Promise.all(ids.map((id) => deps.ledger.itemsOfPrincipal(id)))).flat();
  return [
    carrier,
    {
      items,
      keys: await keysNow(deps, lease, items, inventory, now),
      roles: await rolesEntered(deps, items, inventory),
      present: new Set(inventory.principals.map(({ arn }) => arn)),
      left: terms && known ? accessLeft(lease.carrier, terms, inventory) : [],
    },
  ];
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
