import type { Filled } from '../variables.ts';
import { arnComparisons } from './arn.ts';
import { binaryComparisons } from './binary.ts';
import { boolComparisons } from './bool.ts';
import type { Comparison } from './comparison.ts';
import { dateComparisons } from './date.ts';
import { ipAddressComparisons } from './ip-address.ts';
import { nullComparisons } from './null.ts';
import { numericComparisons } from './numeric.ts';
import type { Operator, OperatorName } from './operator.ts';
import { stringComparisons } from './string.ts';

/** Every operator. */
export const comparisons: Readonly<Record<OperatorName, Comparison>> = {
  ...stringComparisons,
  ...numericComparisons,
  ...dateComparisons,
  ...boolComparisons,
  ...binaryComparisons,
  ...ipAddressComparisons,
  ...arnComparisons,
  ...nullComparisons,
};

/**
 * Whether a condition holds: `actual` are the request's values of the key, none where it is absent; of `wanted`, the
 * policy's values, an undefined one names a variable that has no value: nothing meets it, so a Not… operator holds.
 */
export function holds(
  { quantifier, name, ifExists }: Operator,
  actual: readonly string[],
  wanted: readonly (Filled | undefined)[],
): boolean {
  const { negated, meets } = comparisons[name];
  const filled = wanted.filter((value) => value !== undefined);
  if (name === 'Null') return filled.some((value) => meets(String(actual.length === 0), value));
  const isEmpty = actual.length === 0 || (quantifier === 'ForAllValues' && actual.every((value) => value === ''));
  if (isEmpty) {
    if (ifExists || quantifier === 'ForAllValues') return true;
    return quantifier === null && negated;
  }
  const isMet = (value: string): boolean => filled.some((each) => meets(value, each));
  if (quantifier === 'ForAllValues') return actual.every((value) => isMet(value) !== negated);
  if (quantifier === 'ForAnyValue') return actual.some((value) => isMet(value) !== negated);
  return actual.some(isMet) !== negated;
}
