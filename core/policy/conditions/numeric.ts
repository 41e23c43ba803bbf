import { type Filled, literalOf } from '../variables.ts';
import type { Comparison } from './comparison.ts';

const form = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;

/** Whole or decimal numbers; NaN for anything else. */
export const numberOf = (text: string): number => (form.test(text.trim()) ? Number(text) : Number.NaN);

const accepts = (value: string): boolean => !Number.isNaN(numberOf(value));
const by =
  (holds: (actual: number, wanted: number) => boolean) =>
  (actual: string, wanted: Filled): boolean =>
    holds(numberOf(actual), numberOf(literalOf(wanted)));
const equals = by((actual, wanted) => actual === wanted);

/** Numbers. What is no number meets nothing. */
export const numericComparisons = {
  NumericEquals: { negated: false, accepts, meets: equals },
  NumericNotEquals: { negated: true, accepts, meets: equals },
  NumericLessThan: { negated: false, accepts, meets: by((actual, wanted) => actual < wanted) },
  NumericLessThanEquals: { negated: false, accepts, meets: by((actual, wanted) => actual <= wanted) },
  NumericGreaterThan: { negated: false, accepts, meets: by((actual, wanted) => actual > wanted) },
  NumericGreaterThanEquals: { negated: false, accepts, meets: by((actual, wanted) => actual >= wanted) },
} satisfies Record<string, Comparison>;
