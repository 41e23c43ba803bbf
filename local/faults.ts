import type { Slot } from '../core/changes/change.ts';
import type { IamSlots } from '../usecases/ports/iam.ts';
import type { LedgerStore } from '../usecases/ports/ledger-store.ts';
import type { Signer } from '../usecases/ports/signer.ts';

/** What can be broken on purpose, to see that the story notices. */
export const faults = ['approve', 'apply', 'rollback', 'revoke', 'detect'] as const;
export type Fault = (typeof faults)[number];

/** IAM that answers "done" to writes that it then forgets: which ones, the fault says. */
export function faultyIam<T extends IamSlots>(iam: T, fault: Fault | undefined): T {
  const isLost = (slot: Slot, value: string | null): boolean => {
    switch (fault) {
      case 'apply':
        return true;
      case 'rollback':
        return value === null && slot.type === 'attachment';
      case 'revoke':
        return value === null && slot.type === 'inline-policy';
      default:
        return false;
    }
  };
  return {
    ...iam,
    write: async (slot, value, context) => {
      if (!isLost(slot, value)) await iam.write(slot, value, context);
    },
  };
}

/** A signer whose key is out of reach, so that nothing gets approved. */
export const faultySigner = <T extends Signer>(signer: T, fault: Fault | undefined): T =>
  fault === 'approve'
    ? { ...signer, sign: () => Promise.reject(new Error('the signing key cannot be reached')) }
    : signer;

/** A ledger that shows nothing to whoever looks for anomalies. */
export const faultyLedger = <T extends LedgerStore>(ledger: T, fault: Fault | undefined): T =>
  fault === 'detect' ? { ...ledger, itemsOfActor: async () => [] } : ledger;
