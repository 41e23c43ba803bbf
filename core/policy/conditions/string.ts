import { matchesPattern } from '../match.ts';
import { type Filled, literalOf } from '../variables.ts';
import type { Comparison } from './comparison.ts';

const accepts = (): boolean => true;
const equals = (actual: string, wanted: Filled): boolean => actual === literalOf(wanted);
const equalsIgnoringCase = (actual: string, wanted: Filled): boolean =>
  actual.toLowerCase() === literalOf(wanted).toLowerCase();
const like = (actual: string, wanted: Filled): boolean => matchesPattern(wanted, actual);

/** Text, as it stands; only the Like operators know wildcards. */
export const stringComparisons = {
  StringEquals: { negated: false, accepts, meets: equals },
  StringNotEquals: { negated: true, accepts, meets: equals },
  StringEqualsIgnoreCase: { negated: false, accepts, meets: equalsIgnoringCase },
  StringNotEqualsIgnoreCase: { negated: true, accepts, meets: equalsIgnoringCase },
  StringLike: { negated: false, accepts, meets: like },
  StringNotLike: { negated: true, accepts, meets: like },
} satisfies Record<string, Comparison>;
