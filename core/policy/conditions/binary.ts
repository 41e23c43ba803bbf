import { literalOf } from '../variables.ts';
import type { Comparison } from './comparison.ts';

/** Bytes in base64, byte for byte. */
export const binaryComparisons = {
  BinaryEquals: {
    negated: false,
    accepts: (value) => /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0,
    meets: (actual, wanted) => actual === literalOf(wanted),
  },
} satisfies Record<string, Comparison>;
