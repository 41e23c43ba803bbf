/**
 * `leastwise/access`: what an identity can really do in AWS, and why. Needs neither AWS nor the network.
 *
 * - `evaluate` decides one request under given policies; `readCase` makes both from the JSON of `leastwise simulate`.
 * - `compile` reads an organization once and answers any number of questions about it.
 */
export { parseAuthorizationDetails } from '../identity/authorization-details.ts';
export type { GroupRecord, Inventory, PolicyText, PrincipalRecord } from '../identity/inventory.ts';
export type { OrganizationalUnit, OrganizationTree } from '../identity/organization-tree.ts';
export type { ResourcePolicy } from '../identity/resource-policy.ts';
export { type InvalidPolicy, parsePolicy } from '../policy/parse.ts';
export type { PolicyDocument, Statement } from '../policy/statement.ts';
export type { Result } from '../result.ts';
export { compile } from './compiled/engine.ts';
export type { Because, Decision, Layer, Outcome, Residual, When } from './decision.ts';
export type { Organization, Question } from './organization.ts';
export { type Case, readCase } from './read-case.ts';
export { evaluate } from './reference/evaluate.ts';
export type { BucketFacts, CallerKind, ContextValue, KmsGrant, Policy, Request, Situation } from './situation.ts';
