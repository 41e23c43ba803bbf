import type { Decision, InvalidIn, Layer } from '../decision.ts';
import type { Question } from '../organization.ts';
import type { Caller } from '../reference/caller.ts';
import type { AccountGuard } from './accounts.ts';
import type { CallerProfile } from './callers.ts';
import type { Compiled } from './compiled.ts';
import { decide, free, refused } from './decide.ts';
import { Environment } from './environment.ts';
import type { PolicyList } from './lists.ts';

/** Answers one question as the plain evaluator does. */
export function evaluateIn(
  compiled: Compiled,
  question: Question,
  place = compiled.targets.placeOf(question.resource),
): Decision {
  const { callers, actions, targets, voices, guardOf, residuals } = compiled;
  const profile = callers.profileOf(question);
  const action = actions.named(question.action);
  const target = targets.targetOf(place, action.traits);
  const account = target.owner ?? question.resourceAccount;
  const guard = target.guard ?? guardOf(account ?? '');
  const session = question.sessionPolicies && listOf('sessionPolicies', question.sessionPolicies, compiled);
  const endpoint = endpointOf(question, compiled);
  if (
    profile.isInvalid ||
    guard.isInvalid ||
    target.isInvalid ||
    (endpoint !== compiled.noEndpoint && endpoint.invalid.length > 0) ||
    (session !== null && session.invalid.length > 0)
  ) {
    return refused(invalidIn(profile, guard, [endpoint, target.attached], session));
  }
  if (target.isFreeFor !== null && isFree(target.isFreeFor, profile.caller)) return free;
  const environment = new Environment(question, profile, { guard, account }, residuals);
  return decide(
    {
      environment,
      target,
      action,
      place,
      rcps: guard.rcps,
      session,
      endpoint,
      groupOf: compiled.groupOf,
      verdicts: compiled.verdicts,
    },
    voices,
  );
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
