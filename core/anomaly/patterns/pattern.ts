import type { Tactic } from '../../catalogue/privilege-class.ts';
import type { ActorId } from '../../identity/principal.ts';
import type { Instant } from '../../time.ts';
import type { FirstUse } from '../../usage/item.ts';
import type { Facts } from '../facts.ts';
import type { Habits } from '../habits.ts';
import type { Find, Moment } from '../novelty.ts';

/** What a pattern may look at: the actor's ledger, what was like before the session, and what lies over the ledger. */
export interface World {
  actor: ActorId;
  /** The session's first event: habits are those from before it. */
  start: Instant;
  habits: Habits;
  facts: Facts;
  /** Every use that the ledger still tells one by one, by the credentials that made it. */
  usesBy: ReadonlyMap<string, readonly FirstUse[]>;
}

/** What a pattern saw: how much of its points it is worth, and the sentence about it, without the actor's name. */
export interface Sighting {
  /** Between 0 and 1. */
  share: number;
  words: string;
}

/** Something that no single event tells: it takes the event, and what was before. */
export interface Pattern {
  /** Kebab-case noun, the name of its weight. */
  kind: string;
  tactic: Tactic | null;
  sees(find: Find, moment: Moment, world: World): Sighting | undefined;
}
