import type { Slot } from '../../core/changes/change.ts';

/**
 * Thrown by `write` where IAM says no and would say it again: the holder is gone, a quota is full, the policy hangs on
 * something else. The name is IAM's code.
 */
export class IamRefused extends Error {
  constructor(code: string, words: string, options?: ErrorOptions) {
    super(words, options);
    this.name = code;
  }
}

/** Codes of IAM that trying again does not change. */
const lasting =
  /^(NoSuchEntity|LimitExceeded|DeleteConflict|MalformedPolicyDocument|PolicyNotAttachable|UnmodifiableEntity)/;

/** The fault as a refusal where it is one; every other fault as it is. */
export function asRefusal(fault: unknown): unknown {
  return fault instanceof Error && lasting.test(fault.name)
    ? new IamRefused(fault.name, fault.message, { cause: fault })
    : fault;
}

/** Reads and writes one text in IAM (see Slot). A throttle or an error is thrown, never read as absence. */
export interface IamSlots {
  /** The text now, byte for byte as IAM returns it decoded; null when the slot is absent, its principal or policy included. */
  read(slot: Slot): Promise<string | null>;
  /**
   * Makes the slot hold `value` (null: removes it). Writing what is there already changes nothing. Throws IamRefused
   * where IAM will never take it.
   * `managed-policy`: returns to the version that holds exactly this text if there is one, else prunes the oldest
   * non-default version where five exist and creates one. Only under `/leastwise/` is a policy made or deleted.
   */
  write(slot: Slot, value: string | null, context: { change: string }): Promise<void>;
  /** Access key ids of a user. */
  accessKeys(account: string, user: string): Promise<readonly { id: string; status: 'Active' | 'Inactive' }[]>;
}
