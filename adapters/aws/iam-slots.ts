import type { IAMClient } from '@aws-sdk/client-iam';
import type { AssignmentSlot, Slot } from '../../core/changes/change.ts';
import { iamNameOf } from '../../core/identity/iam-arn.ts';
import { asRefusal, type IamSlots } from '../../usecases/ports/iam.ts';
import { listAccessKeys, readAccessKey, writeAccessKey } from './iam-access-keys.ts';
import { readAttachment, writeAttachment } from './iam-attachments.ts';
import type { IamClientFor } from './iam-client.ts';
import { deleteInline, readInline, writeInline } from './iam-inline-policies.ts';
import { readLeaseRole, writeLeaseRole } from './iam-lease-roles.ts';
import { readManaged, writeManaged } from './iam-managed-policies.ts';
import { sessionPolicyFor } from './session-policy.ts';

/** Who reads when no change is given: the member roles want a source identity. */
const reader = 'leastwise-read';

/** Seconds between looks at what was just written: IAM answers reads from replicas that follow within seconds. */
const looks = [0.2, 0.5, 1, 2, 4];

const waitFor = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/**
 * IAM of the member accounts, each slot through a session that may touch nothing else. A write waits until a read shows
 * it, some seconds at most, so that a slow replica does not make a good change look unverified. Whoever wrote reads back
 * all the same.
 */
export function iamSlots(clientFor: IamClientFor, wait = waitFor): IamSlots {
  const clientOf = (slot: Slot, source: string): IAMClient =>
    clientFor({ account: slot.account, source, policy: sessionPolicyFor(slot) });
  return {
    read: async (given) => {
      const slot = ofIam(given);
      return readSlot(clientOf(slot, reader), slot);
    },
    write: async (given, value, { change }) => {
      const slot = ofIam(given);
      const client = clientOf(slot, change);
      await writeSlot(client, slot, value).catch((fault: unknown) => {
        throw asRefusal(fault);
      });
      await shown(client, slot, value, wait);
    },
    accessKeys: async (account, user) => {
      const policy = { actions: ['iam:ListAccessKeys'], resource: user };
      return (await listAccessKeys(clientFor({ account, source: reader, policy }), iamNameOf(user))) ?? [];
    },
  };
}

/** Assignments are Identity Center's (assignment-slots.ts). */
type IamSlot = Exclude<Slot, AssignmentSlot>;

function ofIam(slot: Slot): IamSlot {
  if (slot.type === 'account-assignment') throw new Error('no permission set is assigned here');
  return slot;
}

async function shown(client: IAMClient, slot: IamSlot, value: string | null, wait: typeof waitFor): Promise<void> {
  for (const seconds of looks) {
    // A read that fails here decides nothing: the read-back that follows will fail too, and says so.
    const now = await readSlot(client, slot).catch(() => value);
    if (now === value) return;
    await wait(seconds);
  }
}

function readSlot(client: IAMClient, slot: IamSlot): Promise<string | null> {
  switch (slot.type) {
    case 'inline-policy':
      return readInline(client, slot.principal, slot.name);
    case 'managed-policy':
      return readManaged(client, slot.policy);
    case 'attachment':
      return readAttachment(client, slot.principal, slot.policy);
    case 'lease-role':
      return readLeaseRole(client, slot.role);
    case 'access-key':
      return readAccessKey(client, iamNameOf(slot.user), slot.key);
  }
}

function writeSlot(client: IAMClient, slot: IamSlot, value: string | null): Promise<void> {
  switch (slot.type) {
    case 'inline-policy':
      return value === null
        ? deleteInline(client, slot.principal, slot.name)
        : writeInline(client, slot.principal, slot.name, value);
    case 'managed-policy':
      return writeManaged(client, slot.policy, value);
    case 'attachment':
      return writeAttachment(client, slot.principal, slot.policy, value);
    case 'lease-role':
      return writeLeaseRole(client, slot.role, value);
    case 'access-key':
      return writeAccessKey(client, iamNameOf(slot.user), slot.key, value);
  }
}
