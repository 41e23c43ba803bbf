import type { CallerIdentity, StoreUser } from '../../core/enrolment/caller.ts';
import type { SendableCall } from '../../core/enrolment/signed-call.ts';

/** STS, asked in somebody else's name. */
export interface IdentityCalls {
  /**
   * Sends the call as it was signed, follows no redirect, and gives whom STS names; undefined where STS refuses it. A
   * fault of the way there is thrown: it is no answer.
   */
  callerOf(call: SendableCall): Promise<CallerIdentity | undefined>;
}

/** The users of IAM Identity Center. */
export interface IdentityStore {
  /** The one user with exactly this name; undefined where there is none, or no identity store is configured. */
  userNamed(name: string): Promise<StoreUser | undefined>;
}
