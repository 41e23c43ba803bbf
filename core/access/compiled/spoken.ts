import type { Because } from '../decision.ts';
import type { Formula } from './formula.ts';
import type { Named } from './principals.ts';

/** A statement that speaks of a request, or may. */
export interface Spoken {
  readonly because: Because;
  readonly when: Formula;
  readonly named: Named;
}

/** What a list of policies says of a request. */
export interface Heard {
  /** Above 0 where it is kept, and then nothing of it is left open; 0: it was made for one request. */
  readonly id: number;
  /** When one of its statements allows. */
  readonly allow: Formula;
  /** When one of them denies. */
  readonly deny: Formula;
  readonly spoken: readonly Spoken[];
}
