import type { UsageEvent } from '../../usage/event.ts';

/** One kind of repeat that matters: an event that deserves a look even where its action is used every day. */
export interface SignalRule {
  /** Kebab-case noun; part of the ledger's facet, so it never changes its meaning. */
  kind: string;
  /**
   * Event names without their version suffix; absent: every event that may change something. Rules that look at
   * everything cost every event, so there are as few of them as possible.
   */
  names?: readonly string[];
  /** True where the rule looks at attempts that failed too. */
  attempts?: boolean;
  matches(event: UsageEvent, actions: readonly string[]): boolean;
}
