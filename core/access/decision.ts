import type { InvalidPolicy } from '../policy/parse.ts';

/**
 * What an identity may do. `conditional`: some completion of what is unknown allows and some does not. Where none
 * allows: `explicit-deny` if every completion meets a Deny, else `implicit-deny`. `invalid-policy`: AWS would not have
 * saved one of the policies.
 */
export type Outcome = 'allowed' | 'explicit-deny' | 'implicit-deny' | 'conditional' | 'invalid-policy';

/** Where a policy stands, in the order in which AWS looks at the layers. */
export const layers = [
  'rcps',
  'scps',
  'vpcEndpointPolicies',
  'resourcePolicy',
  'kmsGrants',
  'identityPolicies',
  'groupPolicies',
  'permissionsBoundary',
  'sessionPolicies',
] as const;
export type Layer = (typeof layers)[number];

/** A statement that took part in the decision. */
export interface Because {
  layer: Layer;
  /** Place among the layer's policies, from 0; for the layers with levels `level.place`. */
  policy: number | string;
  statement: number;
  effect: 'Allow' | 'Deny';
}

/** One test of one or more unknown keys. */
export interface Test {
  /** The operator as AWS spells it; `Resource` for a resource pattern with a variable, `Owner` for the resource's account. */
  operator: string;
  key: string;
  values: readonly string[];
}

/** The condition under which a request is allowed: what is left when everything known is filled in. */
export type Residual = { all: readonly Residual[] } | { any: readonly Residual[] } | { not: Residual } | Test;

export interface When {
  condition: Residual;
  /** Values of the unknown keys that let the request through; null: the key is absent. Other keys do not matter. */
  witness: Readonly<Record<string, string | readonly string[] | null>>;
}

/** A policy that cannot be read, and which one. */
export interface InvalidIn extends InvalidPolicy {
  layer: Layer;
  policy: number | string;
}

export interface Decision {
  outcome: Outcome;
  /**
   * In evaluation order. Of an explicit deny its Deny statements; of the others the statements that matched or may
   * match; empty where nothing did.
   */
  because: readonly Because[];
  /** null unless conditional. */
  when: When | null;
  /** Empty unless `invalid-policy`. */
  invalid: readonly InvalidIn[];
}
