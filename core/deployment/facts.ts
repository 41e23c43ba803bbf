import type { Instant } from '../time.ts';
import type { Coverage } from '../usage/coverage.ts';

/** Why something could not be seen: a fault is told as one, and is never an answer. */
interface Unseen {
  unseen: string;
}

export type Seen<T> = T | Unseen;

export const isSeen = <T extends object>(fact: Seen<T>): fact is T => !('unseen' in fact);

/** A trail as CloudTrail describes it. */
export interface TrailFacts {
  name: string;
  bucket: string;
  prefix: string;
  isOrganizationTrail: boolean;
  isMultiRegion: boolean;
  logFileValidation: boolean;
  isLogging: boolean;
  lastDelivery: Instant | null;
  lastDigest: Instant | null;
  /** CloudTrail's own words where it could not deliver. */
  deliveryFault: string | null;
}

export interface RuleFacts {
  name: string;
  state: string;
}

export interface FunctionFacts {
  name: string;
  state: string;
  /** States of what feeds it. */
  sources: readonly string[];
}

export interface QueueFacts {
  name: string;
  waiting: number;
  /** Of the oldest message; null where CloudWatch has no measurement. */
  ageSeconds: number | null;
  isDeadLetters: boolean;
}

/** What is known of one account that Leastwise works in. */
export interface AccountFacts {
  account: string;
  /** When its identities were last read with the role there. */
  inventoryAt: Instant | null;
  /** Parts that its newest attempt was not let to read; what is known of them is of `takenAt`. */
  unread: readonly { part: string; takenAt: Instant | null; detail: string }[];
  /** Of the two days before yesterday's end, a day more on either side. */
  coverage: readonly Coverage[];
}

/** Everything that a look at a deployment brought. */
export interface Facts {
  caller: Seen<{ account: string; arn: string /** By AWS's clock, at `now` by ours. */; theirs: Instant | null }>;
  managementAccount: Seen<{ id: string }>;
  trails: Seen<readonly TrailFacts[]>;
  rules: Seen<readonly RuleFacts[]>;
  functions: Seen<readonly FunctionFacts[]>;
  queues: Seen<readonly QueueFacts[]>;
  accounts: readonly Seen<AccountFacts & { unseen?: never }>[];
  slack: Seen<{ team: string; scopes: readonly string[] }>;
  /** A read in a member account and whether it came by the fast lane; null: nobody asked for it. */
  probe: Seen<{ account: string; arrived: boolean; waitedSeconds: number }> | null;
}
