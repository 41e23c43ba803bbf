import type { IAMClient } from '@aws-sdk/client-iam';
import type { Slot } from '../../core/changes/change.ts';
import { iamNameOf } from '../../core/identity/iam-arn.ts';
import type { IamSlots } from '../../usecases/ports/iam.ts';
import { listAccessKeys, readAccessKey, writeAccessKey } from './iam-access-keys.ts';
import type { IamClientFor } from './iam-client.ts';
import { deleteInline, readInline, writeInline } from './iam-inline-policies.ts';
import { readManaged, writeManaged } from './iam-managed-policies.ts';
import { sessionPolicyFor } from './session-policy.ts';

/** Who reads when no change is given: the member roles want a source identity. */
const reader = 'leastwise-read';

/** IAM of the member accounts, each slot through a session that may touch nothing else. */
export function iamSlots(clientFor: IamClientFor): IamSlots {
  const clientOf = (slot: Slot, source: string): IAMClient =>
    clientFor({ account: slot.account, source, policy: sessionPolicyFor(slot) });
  return {
    read: (slot) => readSlot(clientOf(slot, reader), slot),
    write: (slot, value, { change }) => writeSlot(clientOf(slot, change), slot, value),
    accessKeys: async (account, user) => {
      const policy = { actions: ['iam:ListAccessKeys'], resource: user };
      return (await listAccessKeys(clientFor({ account, source: reader, policy }), iamNameOf(user))) ?? [];
    },
  };
}

function readSlot(client: IAMClient, slot: Slot): Promise<string | null> {
  switch (slot.type) {
    case 'inline-policy':
      return readInline(client, slot.principal, slot.name);
    case 'managed-policy':
      return readManaged(client, slot.policy);
    case 'access-key':
      return readAccessKey(client, iamNameOf(slot.user), slot.key);
  }
}

function writeSlot(client: IAMClient, slot: Slot, value: string | null): Promise<void> {
  switch (slot.type) {
    case 'inline-policy':
      return value === null
        ? deleteInline(client, slot.principal, slot.name)
        : writeInline(client, slot.principal, slot.name, value);
    case 'managed-policy':
      return writeManaged(client, slot.policy, value);
    case 'access-key':
      return writeAccessKey(client, iamNameOf(slot.user), slot.key, value);
  }
}
