import { bearingOf, withCaveats } from '../caveats.ts';
import type { Because, Decision, InvalidIn, Test, When } from '../decision.ts';
import { layers } from '../decision.ts';
import { isForKeyOwner, isOnBucketPolicy } from '../owners.ts';
import { isUnderRcps } from '../rcp-services.ts';
import { conditionHolds, type Facts } from '../residual/facts.ts';
import { allOf, anyOf, atomsOf, type Formula, not, shown } from '../residual/formula.ts';
import { type ShapeOf, type Solution, solve } from '../residual/solve.ts';
import type { Policy, Situation } from '../situation.ts';
import { type Caller, callerOf, isOfAccount, isServiceLinked } from './caller.ts';
import { factsOf, shapesOf } from './context.ts';
import { isInterfaceEndpoint, mayComeByGateway } from './endpoints.ts';
import { isGrantEnough, isRetiring, mayRetire, spokenByGrants } from './kms-grants.ts';
import { type Asked, isAllowedAs, isAllowedBy, isDeniedBy, type Spoken, spokenIn } from './statements.ts';

/**
 * What AWS's "policy evaluation logic" answers, step by step as its documentation has it: a Deny anywhere ends it; then
 * every guardrail must allow; then resource and identity policies, boundary and session policies decide, differently
 * for the caller's own account and for another. What is unknown stays a formula to the end and is solved once.
 */
export function evaluate(situation: Situation): Decision {
  const decision = evaluateKnown(situation);
  const { request, isPolicyUnread, bucket, resourcePolicy } = situation;
  const { resource, resourceAccount: owner } = request;
  const document = resourcePolicy?.ok ? resourcePolicy.value : null;
  const bearing = bearingOf({ resource, owner, isPolicyUnread, bucket, document });
  if (!bearing) return decision;
  return withCaveats(bearing, request, decision, (change) => evaluateKnown({ ...situation, ...change(situation) }));
}

/** What the policies say that are known. */
export function evaluateKnown(situation: Situation): Decision {
  const invalid = invalidIn(situation);
  if (invalid.length > 0) return { outcome: 'invalid-policy', because: [], when: null, invalid };
  const { request } = situation;
  const caller = callerOf(request);
  const facts = factsOf(request, caller);
  const asked: Asked = { request, caller, facts, hasBoundary: situation.permissionsBoundary !== null };
  if (needsNoPermission(asked)) return { outcome: 'allowed', because: [], when: null, invalid };
  const said = gather(situation, asked);
  const all = Object.values(said).flat(2);
  const denied = isDeniedBy(all);
  const granted = allOf([guardrailsAllow(said, situation), isGranted(said, situation, asked)]);
  return decisionOf({ denied, granted, all, facts, shapeOf: shapesOf(caller) });
}

/** What every layer says of the request. */
interface Said {
  rcps: readonly Spoken[];
  scps: readonly (readonly Spoken[])[];
  endpoint: readonly Spoken[];
  resource: readonly Spoken[];
  identity: readonly Spoken[];
  boundary: readonly Spoken[];
  session: readonly Spoken[];
}

function gather(situation: Situation, asked: Asked): Said {
  const { caller } = asked;
  const hasOwnPolicies = isOfAccount(caller) && caller.kind !== 'root';
  const own = (policies: readonly Policy[]): readonly Policy[] => (hasOwnPolicies ? policies : []);
  const maybe = (policy: Policy | null): readonly Policy[] => (policy ? [policy] : []);
  const policy = spokenIn('resourcePolicy', trustOnlyForSts(situation), asked).map((each) => sparingRoot(each, asked));
  const isGrantOnly = isRetiring(asked.request.action);
  return {
    rcps: (isUnderRcpsHere(asked) ? (situation.rcps ?? []) : [])
      .flatMap((level, index) => spokenIn('rcps', level, asked, index))
      .map((spoken) => ({ ...spoken, when: allOf([spoken.when, not(isOwnedByManagement(situation, asked))]) })),
    scps: (isUnderScps(situation, caller) ? (situation.scps ?? []) : []).map((level, index) =>
      spokenIn('scps', level, asked, index),
    ),
    endpoint: spokenIn('vpcEndpointPolicies', situation.vpcEndpointPolicies, asked).map((each) =>
      atEndpoint(each, asked),
    ),
    resource: [
      ...policy.filter(({ because, when }) => when !== false && (because.effect === 'Deny' || !isGrantOnly)),
      ...(isKey(asked) ? spokenByGrants(situation.kmsGrants, asked) : []),
    ],
    identity: [
      ...spokenIn('identityPolicies', own(situation.identityPolicies), asked),
      ...spokenIn('groupPolicies', own(situation.groupPolicies), asked),
    ],
    boundary: spokenIn('permissionsBoundary', own(maybe(situation.permissionsBoundary)), asked),
    session: spokenIn('sessionPolicies', own(situation.sessionPolicies ?? []), asked),
  };
}

/** At a gateway endpoint an account's name lets in its root user only. */
function atEndpoint(spoken: Spoken, { request, caller }: Asked): Spoken {
  const { because, when, named } = spoken;
  if (because.effect === 'Deny' || caller.kind === 'root' || !mayComeByGateway(request.action)) return spoken;
  const asAccount = allOf([named.account, isInterfaceEndpoint]);
  return { ...spoken, when: allOf([when, anyOf([named.itself, named.behind, asAccount])]) };
}

/** A bucket's policy cannot lock its owner's root user out of the policy itself. */
function sparingRoot(spoken: Spoken, { request, caller, facts }: Asked): Spoken {
  const { effect } = spoken.because;
  if (effect === 'Allow' || caller.kind !== 'root' || caller.account === null || !isOnBucketPolicy(request.action))
    return spoken;
  return { ...spoken, when: allOf([spoken.when, not(isOwner(caller.account, facts))]) };
}

/** SCPs limit the principals of member accounts, the root user among them; not the management account's. */
const isUnderScps = ({ request }: Situation, caller: Caller): boolean =>
  isOfAccount(caller) && !request.principalAccountIsManagement && !isServiceLinked(caller);

/** RCPs limit everybody who comes to a resource of some services, but not service-linked roles and who takes one on. */
const isUnderRcpsHere = ({ request, caller }: Asked): boolean =>
  isUnderRcps(request.action) && !isServiceLinked(caller) && !serviceLinkedRole.test(request.resource);

const serviceLinkedRole = /^arn:[a-z-]+:iam::\d*:role\/aws-service-role\//;

/** The management account's resources are outside RCPs. */
const isOwnedByManagement = ({ request }: Situation, { caller, facts }: Asked): Formula =>
  request.principalAccountIsManagement && caller.account !== null && isOwner(caller.account, facts);

/** Every level of the organization allows, and so does the endpoint that the request came by. RCPs always allow. */
const guardrailsAllow = (said: Said, { vpcEndpointPolicies }: Situation): Formula =>
  allOf([...said.scps.map(isAllowedBy), vpcEndpointPolicies.length === 0 || isAllowedBy(said.endpoint)]);

function isGranted(said: Said, situation: Situation, asked: Asked): Formula {
  const { caller, facts } = asked;
  const itself = anyOf([isAllowedAs('itself', said.resource), mayRetire(situation.kmsGrants, asked)]);
  if (!caller.account) return itself;
  if (caller.kind === 'root' && isTrust(asked)) return false;
  const behind = isAllowedAs('behind', said.resource);
  const account = isAllowedAs('account', said.resource);
  const limits = allOf([
    situation.permissionsBoundary === null || caller.kind === 'root' || isAllowedBy(said.boundary),
    isInSession(said, situation, caller),
  ]);
  const identity = allOf([actsAsRoot(caller) || isAllowedBy(said.identity), limits]);
  const needsBoth = isTrust(asked) || isKey(asked);
  const sameAccount = anyOf([itself, allOf([behind, limits]), needsBoth ? allOf([account, identity]) : identity]);
  const isKeptHome = isKey(asked) && isForKeyOwner(asked.request.action);
  const grants = said.resource.filter(({ because }) => because.layer === 'kmsGrants');
  const byGrant = allOf([anyOf([isAllowedAs('itself', grants), isAllowedAs('behind', grants)]), limits]);
  const otherAccount = allOf([
    !isKeptHome,
    anyOf([allOf([anyOf([itself, behind, account]), identity]), allOf([byGrant, isGrantEnough(asked)])]),
  ]);
  const own = isOwner(caller.account, facts);
  return anyOf([allOf([own, sameAccount]), allOf([not(own), otherAccount])]);
}

/** The root user needs no policy, and neither does who federates from it. */
const actsAsRoot = ({ kind, behind }: Caller): boolean => kind === 'root' || behind?.endsWith(':root') === true;

/** A session has what its policies allow; without any, a role's session has all of the role's, a federated user nothing. */
function isInSession(said: Said, { sessionPolicies }: Situation, { kind }: Caller): Formula {
  if (kind !== 'role' && kind !== 'federated-user') return true;
  return (sessionPolicies ?? []).length === 0 ? kind === 'role' : isAllowedBy(said.session);
}

/** Roles and keys answer only to whom their own policy names: without it identity policies give nothing. */
const isTrust = ({ request }: Asked): boolean =>
  /^sts:/i.test(request.action) && /^arn:[a-z-]+:iam::\d*:role\//.test(request.resource);

const isKey = ({ request }: Asked): boolean =>
  /^kms:/i.test(request.action) && /^arn:[a-z-]+:kms:[^:]*:\d*:key\//.test(request.resource);

/** A role's trust policy speaks of STS calls only. */
function trustOnlyForSts({ resourcePolicy, request }: Situation): readonly Policy[] {
  if (!resourcePolicy) return [];
  const isRole = /^arn:[a-z-]+:iam::\d*:role\//.test(request.resource);
  return isRole && !/^sts:/i.test(request.action) ? [] : [resourcePolicy];
}

const isOwner = (account: string, facts: Facts): Formula =>
  conditionHolds(
    {
      operator: 'StringEquals',
      test: { quantifier: null, name: 'StringEquals', ifExists: false },
      key: 'aws:ResourceAccount',
      values: [account],
    },
    '2012-10-17',
    facts,
  );

/** STS: no permission is needed to ask who one is, nor for users to sign in with MFA, and no Deny stops it. */
function needsNoPermission({ request, caller }: Asked): boolean {
  const action = request.action.toLowerCase();
  if (action === 'sts:getcalleridentity') return isOfAccount(caller);
  return action === 'sts:getsessiontoken' && (caller.kind === 'user' || caller.kind === 'root');
}

interface Verdict {
  denied: Formula;
  granted: Formula;
  all: readonly Spoken[];
  facts: Facts;
  shapeOf: ShapeOf;
}

/** Allowed where it is granted and nothing denies: under every completion of what is unknown, some, or none. */
function decisionOf({ denied, granted, all, facts, shapeOf }: Verdict): Decision {
  const answer = (outcome: Decision['outcome'], because: readonly Spoken[], when: When | null = null): Decision => ({
    outcome,
    because: inOrder(because),
    when,
    invalid: [],
  });
  const denials = all.filter(({ because }) => because.effect === 'Deny');
  const grants = all.filter(({ because }) => because.effect === 'Allow');
  const passes = allOf([granted, not(denied)]);
  const witness = solve(passes, facts, shapeOf);
  if (witness === 'never') {
    if (solve(not(denied), facts, shapeOf) !== 'never') return answer('implicit-deny', all);
    const sure = denials.filter(({ when }) => when === true);
    return answer('explicit-deny', sure.length > 0 ? sure : denials);
  }
  if (witness !== 'unsettled' && solve(not(passes), facts, shapeOf) === 'never') return answer('allowed', grants);
  return answer('conditional', all, whenOf(passes, witness));
}

function whenOf(passes: Formula, witness: Solution): When {
  if (typeof passes === 'boolean') throw new Error('a settled formula is not conditional');
  const written = new Map(
    [...atomsOf(passes).values()].flatMap((atom) => namesIn(atom.shown)).map((name) => [name.toLowerCase(), name]),
  );
  const values = typeof witness === 'string' ? [] : [...witness];
  return {
    condition: shown(passes),
    witness: Object.fromEntries(
      values
        .map(
          ([key, value]) =>
            [
              written.get(key) ?? (key === 'aws:currenttime' ? 'aws:CurrentTime' : key),
              value.length > 1 ? value : (value[0] ?? null),
            ] as const,
        )
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

/** The keys of a test as the policy writes them. */
const namesIn = ({ key, values }: Test): string[] => [
  key,
  ...values.flatMap((value) => [...value.matchAll(/\$\{([^,{}']+)/g)].map(([, name = '']) => name.trim())),
];

const inOrder = (spoken: readonly Spoken[]): Because[] =>
  layers.flatMap((layer) => spoken.map(({ because }) => because).filter((because) => because.layer === layer));

function invalidIn(situation: Situation): InvalidIn[] {
  const list = (layer: InvalidIn['layer'], policies: readonly (Policy | null)[], level?: number): InvalidIn[] =>
    policies.flatMap((policy, index) =>
      policy && !policy.ok
        ? [{ ...policy.error, layer, policy: level === undefined ? index : `${level}.${index}` }]
        : [],
    );
  return [
    ...(situation.rcps ?? []).flatMap((level, index) => list('rcps', level, index)),
    ...(situation.scps ?? []).flatMap((level, index) => list('scps', level, index)),
    ...list('vpcEndpointPolicies', situation.vpcEndpointPolicies),
    ...list('resourcePolicy', [situation.resourcePolicy]),
    ...list('identityPolicies', situation.identityPolicies),
    ...list('groupPolicies', situation.groupPolicies),
    ...list('permissionsBoundary', [situation.permissionsBoundary]),
    ...list('sessionPolicies', situation.sessionPolicies ?? []),
  ];
}
