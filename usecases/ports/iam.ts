import type { Slot } from '../../core/changes/change.ts';

/** Reads and writes one text in IAM (see Slot). A throttle or an error is thrown, never read as absence. */
export interface IamSlots {
  /** The text now, byte for byte as IAM returns it decoded; null when the slot is absent, its principal or policy included. */
  read(slot: Slot): Promise<string | null>;
  /**
   * Makes the slot hold `value` (null: removes it). Writing what is there already changes nothing.
   * `managed-policy`: returns to the version that holds exactly this text if there is one, else prunes the oldest
   * non-default version where five exist and creates one.
   */
  write(slot: Slot, value: string | null, context: { change: string }): Promise<void>;
  /** Access key ids of a user. */
  accessKeys(account: string, user: string): Promise<readonly { id: string; status: 'Active' | 'Inactive' }[]>;
}
