import type { Filled } from '../variables.ts';

/** How an operator holds one value of the request against one value of the policy. */
export interface Comparison {
  /** True of the Not… operators: none of the policy's values may meet. An absent key makes these true. */
  negated: boolean;
  /** Whether AWS saves a policy with this value. */
  accepts(value: string): boolean;
  /** Whether the request's value meets the policy's, the negation left aside. */
  meets(actual: string, wanted: Filled): boolean;
}
