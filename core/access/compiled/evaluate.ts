import type { Decision, InvalidIn, Layer } from '../decision.ts';
import type { Question } from '../organization.ts';
import type { Caller } from '../reference/caller.ts';
import type { AccountGuard } from './accounts.ts';
import type { CallerProfile } from './callers.ts';
import type { Compiled } from './compiled.ts';
import { free, refused } from './decide.ts';
import { Environment } from './environment.ts';
import type { PolicyList } from './lists.ts';
import { remembered } from './verdicts.ts';

/** Answers one question as the plain evaluator does. */
export function evaluateIn(compiled: Compiled, question: Question): Decision {
  const { callers, queries, guardOf, residuals } = compiled;
  const profile = callers.profileOf(question);
  const query = queries.queryOf(question.action, question.resource);
  const { target } = query;
  const resourceAccount = target.owner ?? question.resourceAccount;
  const owner = guardOf(resourceAccount ?? '');
  const session = question.sessionPolicies && listOf('sessionPolicies', question.sessionPolicies, compiled);
  const endpoint = endpointOf(question, compiled);
  const invalid = invalidIn(profile, owner, [endpoint, target.attached], session);
  if (invalid.length > 0) return refused(invalid);
  if (target.isFreeFor !== null && isFree(target.isFreeFor, profile.caller)) return free;
  const environment = new Environment(question, profile, query, { guard: owner, account: resourceAccount }, residuals);
  return remembered({ environment, target, rcps: owner.rcps, session, endpoint }, queries);
}

/** The policies of the endpoint that a request comes by. */
export function endpointOf(
  { vpcEndpointPolicies }: Pick<Question, 'vpcEndpointPolicies'>,
  compiled: Compiled,
): PolicyList {
  return vpcEndpointPolicies.length === 0
    ? compiled.noEndpoint
    : listOf('vpcEndpointPolicies', vpcEndpointPolicies, compiled);
}

const kinds = { sessionPolicies: 'identity', vpcEndpointPolicies: 'endpoint' } as const;

function listOf(
  layer: keyof typeof kinds & Layer,
  texts: readonly string[],
  { documents, listOf }: Compiled,
): PolicyList {
  return listOf(
    layer,
    texts.map((text) => documents.documentOf(text, kinds[layer])),
  );
}

/** Whether such callers need no permission. */
export const isFree = (whom: 'all' | 'users', { kind, account }: Caller): boolean =>
  account !== null && (whom === 'all' || kind === 'user' || kind === 'root');

const none: readonly InvalidIn[] = [];

/** The policies that bear on a request and cannot be read. */
export function invalidIn(
  { guard, holder }: CallerProfile,
  owner: AccountGuard,
  between: readonly [endpoint: PolicyList, resource: PolicyList],
  session: PolicyList | null,
): readonly InvalidIn[] {
  const [endpoint, resource] = between;
  const count =
    owner.invalidRcps.length +
    guard.invalidScps.length +
    endpoint.invalid.length +
    resource.invalid.length +
    (holder?.invalid.length ?? 0) +
    (session?.invalid.length ?? 0);
  if (count === 0) return none;
  return [
    ...owner.invalidRcps,
    ...guard.invalidScps,
    ...endpoint.invalid,
    ...resource.invalid,
    ...(holder?.invalid ?? none),
    ...(session?.invalid ?? none),
  ];
}
