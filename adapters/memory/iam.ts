import type { AssignmentSlot, Slot } from '../../core/changes/change.ts';
import { iamNameOf, parseIamArn } from '../../core/identity/iam-arn.ts';
import type { Inventory } from '../../core/identity/inventory.ts';
import { assigned, assignmentId } from '../../core/leases/assignment.ts';
import { leaseRoleOf, leaseRolePath, leaseRolePolicy, leaseRoleText } from '../../core/leases/role.ts';
import { asRefusal, type IamSlots } from '../../usecases/ports/iam.ts';
import type { InventoryScan } from '../../usecases/ports/inventory-scan.ts';
import {
  type AccessKey,
  accountFrom,
  attachmentsOf,
  detailsOf,
  type IamAccount,
  IamFault,
  inlineOf,
  inventoryOf,
  wellFormed,
  writeManaged,
} from './iam-account.ts';

/** IAM of several accounts in memory, with the rules of the real one that Leastwise depends on. */
export interface MemoryIam extends IamSlots, InventoryScan {
  /** Replaces the account by what the inventory shows; access keys of users that remain are kept. */
  load(inventory: Inventory): void;
  /** Creates the key, or sets its status. */
  putAccessKey(account: string, user: string, key: AccessKey): void;
  /** What GetAccountAuthorizationDetails answers: documents URL-encoded, so that no byte is lost. */
  authorizationDetails(account: string): Record<string, unknown>;
  /** The next `calls` reads or writes are throttled. */
  throttleNext(calls: number): void;
}

/** An empty IAM. `load` fills it. */
export function memoryIam(): MemoryIam {
  const accounts = new Map<string, IamAccount>();
  /** Who has which permission set where: not IAM's, but the same port's. */
  const assignments = new Set<string>();
  let throttled = 0;

  const account = (id: string): IamAccount => {
    if (throttled > 0) {
      throttled -= 1;
      throw new IamFault('Throttling', 'Rate exceeded');
    }
    const found = accounts.get(id);
    if (!found) throw new IamFault('AccessDenied', `account ${id} is not in this IAM`);
    return found;
  };

  return {
    read: async (slot) => {
      const there = account(slot.account);
      if (slot.type === 'account-assignment') return assignments.has(assignmentId(slot)) ? assigned : null;
      return readSlot(there, slot);
    },
    write: async (slot, value) => {
      const there = account(slot.account);
      if (slot.type === 'account-assignment') {
        if (value === null) assignments.delete(assignmentId(slot));
        else assignments.add(assignmentId(slot));
        return;
      }
      try {
        writeSlot(there, slot, value);
      } catch (fault) {
        throw asRefusal(fault);
      }
    },
    accessKeys: async (id, user) => [...keysOf(account(id), user).values()].map((key) => ({ ...key })),
    scan: async (id, takenAt) => ({ inventory: inventoryOf(account(id), id, takenAt), problems: [] }),
    authorizationDetails: (id) => detailsOf(account(id)),
    throttleNext: (calls) => {
      throttled = calls;
    },
    load: (inventory) => {
      accounts.set(inventory.account, accountFrom(inventory, accounts.get(inventory.account)));
    },
    putAccessKey: (id, user, key) => {
      account(id).keys.set(iamNameOf(user), keysOf(account(id), user).set(key.id, { ...key }));
    },
  };
}

const keysOf = (account: IamAccount, user: string): Map<string, AccessKey> =>
  account.keys.get(iamNameOf(user)) ?? new Map();

function readSlot(account: IamAccount, slot: Exclude<Slot, AssignmentSlot>): string | null {
  switch (slot.type) {
    case 'inline-policy':
      return inlineOf(account, slot.principal)?.get(slot.name) ?? null;
    case 'managed-policy':
      return account.managed.get(slot.policy)?.versions.find((version) => version.isDefault)?.text ?? null;
    case 'attachment':
      return attachmentsOf(account, slot.principal)?.has(slot.policy) ? 'attached' : null;
    case 'lease-role':
      return leaseRoleIn(account, slot.role);
    case 'access-key':
      return keysOf(account, slot.user).get(slot.key)?.status ?? null;
  }
}

function writeSlot(account: IamAccount, slot: Exclude<Slot, AssignmentSlot>, value: string | null): void {
  switch (slot.type) {
    case 'inline-policy':
      writeInline(account, slot, value);
      return;
    case 'managed-policy':
      writeManaged(account, slot.policy, value);
      return;
    case 'attachment':
      writeAttachment(account, slot, value);
      return;
    case 'lease-role':
      writeLeaseRole(account, slot.role, value);
      return;
    case 'access-key':
      writeKey(account, slot, value);
  }
}

function writeInline(account: IamAccount, slot: Extract<Slot, { type: 'inline-policy' }>, value: string | null): void {
  const inline = inlineOf(account, slot.principal);
  if (value === null) inline?.delete(slot.name);
  else if (!inline) throw new IamFault('NoSuchEntity', `${slot.principal} cannot be found`);
  else inline.set(slot.name, wellFormed(value));
}

/** AWS's own policies can be attached whether or not the inventory has their text. */
function writeAttachment(account: IamAccount, slot: Extract<Slot, { type: 'attachment' }>, value: string | null): void {
  const attached = attachmentsOf(account, slot.principal);
  const isThere = account.managed.has(slot.policy) || parseIamArn(slot.policy)?.account === 'aws';
  if (value === null) attached?.delete(slot.policy);
  else if (value !== 'attached') throw new Error('a policy is attached or it is not');
  else if (!attached) throw new IamFault('NoSuchEntity', `${slot.principal} cannot be found`);
  else if (!isThere) throw new IamFault('NoSuchEntity', `Policy ${slot.policy} does not exist or is not attachable.`);
  else if (attached.size >= mostAttached && !attached.has(slot.policy))
    throw new IamFault('LimitExceeded', `Cannot exceed quota for PoliciesPerRole: ${mostAttached}`);
  else attached.add(slot.policy);
}

function leaseRoleIn({ principals }: IamAccount, arn: string): string | null {
  const role = principals.get(arn);
  if (role === undefined) return null;
  const { boundary, trust } = role.record;
  return leaseRoleText({
    boundary: boundary ?? '',
    policy: role.inline.get(leaseRolePolicy) ?? '',
    trust: trust ?? '',
  });
}

function writeLeaseRole({ principals }: IamAccount, arn: string, text: string | null): void {
  const place = parseIamArn(arn);
  if (place?.type !== 'role' || place.path !== leaseRolePath) throw new Error(`${arn} is no role for a lease`);
  if (text === null) {
    principals.delete(arn);
    return;
  }
  const role = leaseRoleOf(text);
  if (role === undefined) throw new Error(`${text} describes no role for a lease`);
  const there = principals.get(arn);
  if (there === undefined) {
    const { name, path } = place;
    const made = { type: 'role' as const, id: `AROALEASE${name.slice(-8).toUpperCase()}`, arn, name, path, tags: {} };
    const record = { ...made, createdAt: null, trust: wellFormed(role.trust), boundary: role.boundary };
    principals.set(arn, {
      record: { ...record, inline: [], attached: [], groups: [] },
      inline: new Map([[leaseRolePolicy, wellFormed(role.policy)]]),
      attached: new Set(),
    });
  } else there.inline.set(leaseRolePolicy, wellFormed(role.policy));
}

/** What an account allows unless it asked for more. */
const mostAttached = 10;

function writeKey(account: IamAccount, slot: Extract<Slot, { type: 'access-key' }>, value: string | null): void {
  const key = keysOf(account, slot.user).get(slot.key);
  if (value !== 'Active' && value !== 'Inactive')
    throw new Error('an access key can be Active or Inactive, not removed');
  if (!key) throw new IamFault('NoSuchEntity', `the access key ${slot.key} cannot be found`);
  key.status = value;
}
