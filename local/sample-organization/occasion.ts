import type { Call } from './calls.ts';
import type { Post } from './habits.ts';
import type { Random } from './random.ts';

/** One call of an occasion: always, or with a chance; some are refused. */
export interface Step {
  use: string;
  chance?: number;
  times?: readonly [number, number];
  refused?: true;
  call?: Partial<Call>;
}

/** Benign work that uses what attackers use too. */
type OccasionKind =
  | 'rotation'
  | 'incident'
  | 'migration'
  | 'penetration-test'
  | 'new-region'
  | 'onboarding'
  | 'offboarding'
  | 'cleanup'
  | 'new-tool'
  | 'inventory'
  | 'restore-drill'
  | 'forensics';

export interface Occasion {
  kind: OccasionKind;
  /** Who does it; `tester` is an outsider with a role of their own. */
  who: Post | 'tester';
  /** How often it begins in sixty days, and in how many sessions it is done. */
  times: number;
  sessions: number;
  /** Seconds into the day, from and to. */
  hours: readonly [number, number];
  region?: string;
  /** Away from the usual desk. */
  from?: 'home' | 'elsewhere';
  steps(random: Random): readonly Step[];
}

/** Working hours and the pager's, in seconds of the day. */
export const byDay = [8 * 3600, 16 * 3600] as const;
export const byNight = [20 * 3600, 23 * 3600] as const;

/** What is done in any case, and what is done with a chance. */
export const all = (...uses: readonly string[]): Step[] => uses.map((use) => ({ use }));
export const some = (chance: number, ...uses: readonly string[]): Step[] => uses.map((use) => ({ use, chance }));
