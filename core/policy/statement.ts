import type { Operator } from './conditions/operator.ts';
import type { Placed } from './json-places.ts';

/** `not`: the element was NotAction, NotResource or NotPrincipal. */
export interface Patterns {
  not: boolean;
  patterns: readonly string[];
}

/** Who a resource or trust policy speaks of: `*`, or values by kind (`AWS`, `Service`, `Federated`, `CanonicalUser`). */
export interface Principals {
  not: boolean;
  who: '*' | ReadonlyMap<string, readonly string[]>;
}

/** One operator on one key: any of the values, or none of them where the operator is a negated one. */
export interface Condition {
  /** As written: `StringEquals`, `ForAnyValue:StringLikeIfExists`, … */
  operator: string;
  /** The operator taken apart. */
  test: Operator;
  /** As written; keys ignore case. */
  key: string;
  /** As written, variables unfilled. */
  values: readonly string[];
}

export interface Statement {
  /** Place among the policy's statements, from 0. */
  index: number;
  sid: string | null;
  effect: 'Allow' | 'Deny';
  actions: Patterns;
  /** null where the policy has none (trust policies). */
  resources: Patterns | null;
  /** null in identity policies. */
  principals: Principals | null;
  /** All must hold. */
  conditions: readonly Condition[];
  /** Where the action patterns stand in the text. */
  actionsAt: Placed;
}

export interface PolicyDocument {
  text: string;
  id: string | null;
  /** Absent means 2008-10-17, where variables are literal text. */
  version: '2008-10-17' | '2012-10-17';
  statements: readonly Statement[];
  /** Where the statements stand in the text. */
  statementsAt: Placed;
}
