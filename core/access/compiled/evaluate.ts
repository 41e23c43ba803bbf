import type { Decision, InvalidIn, Layer } from '../decision.ts';
import type { Question } from '../organization.ts';
import type { Caller } from '../reference/caller.ts';
import type { ContextValue, Request } from '../situation.ts';
import type { AccountGuard } from './accounts.ts';
import type { CallerProfile } from './callers.ts';
import type { Compiled } from './compiled.ts';
import { decide, free, refused } from './decide.ts';
import { Environment } from './environment.ts';
import type { PolicyList } from './lists.ts';

/** Answers one question as the plain evaluator does. */
export function evaluateIn(compiled: Compiled, question: Question): Decision {
  const { callers, queries, guardOf, residuals } = compiled;
  const profile = callers.profileOf(question);
  const query = queries.queryOf(question.action, question.resource);
  const { target } = query;
  const resourceAccount = target.owner ?? question.resourceAccount;
  const owner = guardOf(resourceAccount ?? '');
  const session = question.sessionPolicies && listOf('sessionPolicies', question.sessionPolicies, compiled);
  const endpoint = listOf('vpcEndpointPolicies', question.vpcEndpointPolicies, compiled);
  const invalid = invalidIn(profile, owner, [endpoint, target.attached], session);
  if (invalid.length > 0) return refused(invalid);
  if (target.isFreeFor !== null && isFree(target.isFreeFor, profile.caller)) return free;
  const environment = new Environment({
    profile,
    query,
    residuals,
    context: question.context,
    owner: owner.known,
    unknown: question.unknown,
    resourceAccount,
    requestOf: () => requestOf(question, profile, owner, resourceAccount),
  });
  return decide({ environment, target, rcps: owner.rcps, session, endpoint }, queries);
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

const isFree = (whom: 'all' | 'users', { kind, account }: Caller): boolean =>
  account !== null && (whom === 'all' || kind === 'user' || kind === 'root');

const none: readonly InvalidIn[] = [];

function invalidIn(
  { guard, holder }: CallerProfile,
  owner: AccountGuard,
  between: readonly PolicyList[],
  session: PolicyList | null,
): readonly InvalidIn[] {
  const lists = [
    owner.invalidRcps,
    guard.invalidScps,
    ...between.map(({ invalid }) => invalid),
    holder?.invalid ?? none,
    session?.invalid ?? none,
  ];
  return lists.every(({ length }) => length === 0) ? none : lists.flat();
}

/** The request as the plain evaluator is given it. */
function requestOf(
  { sessionPolicies, vpcEndpointPolicies, ...question }: Question,
  { principalRoleArn, isManagement, known }: CallerProfile,
  owner: AccountGuard,
  resourceAccount: string | null,
): Request {
  return {
    ...question,
    principalRoleArn,
    resourceAccount,
    principalAccountIsManagement: isManagement,
    context: new Map<string, ContextValue>([...owner.known, ...known, ...question.context]),
  };
}
