import type { CallerIdentity } from '../../core/enrolment/caller.ts';

/** What somebody asks for from a terminal, in the name of their own session of AWS. */
export type SignedAsk =
  /** Team and user of Slack, and the code that this user was given there. */
  | { type: 'enroll'; team: string; user: string; code: string }
  /** What has to be known before it is confirmed. */
  | { type: 'show'; change: string }
  | { type: 'confirm'; change: string; digest: string }
  | {
      type: 'request';
      target: string | null;
      actions: readonly string[];
      resources: readonly string[];
      duration: number;
      reason: string;
      /** Nobody can be waited for. */
      emergency?: boolean | undefined;
    }
  | { type: 'status' }
  | { type: 'revoke'; lease: string };

/** A wish whose signer STS has named. */
export interface SignedInput {
  signer: CallerIdentity;
  ask: SignedAsk;
}

/** What the person at the terminal is told: words, and what a program may want to read. */
export interface SignedAnswer {
  done: boolean;
  words: string;
  data?: Readonly<Record<string, unknown>>;
}
