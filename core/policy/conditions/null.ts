import { literalOf } from '../variables.ts';
import type { Comparison } from './comparison.ts';

/** Whether the key is absent: it is compared with `true` where it is, with `false` where it is there. */
export const nullComparisons = {
  Null: {
    negated: false,
    accepts: (value) => /^(?:true|false)$/i.test(value),
    meets: (actual, wanted) => actual === literalOf(wanted).toLowerCase(),
  },
} satisfies Record<string, Comparison>;
