import { literalOf } from '../variables.ts';
import type { Comparison } from './comparison.ts';

/** `true` and `false`, whatever their case. */
export const boolComparisons = {
  Bool: {
    negated: false,
    accepts: (value) => /^(?:true|false)$/i.test(value),
    meets: (actual, wanted) => actual.toLowerCase() === literalOf(wanted).toLowerCase(),
  },
} satisfies Record<string, Comparison>;
