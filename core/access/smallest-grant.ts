import { parsePolicy } from '../policy/parse.ts';
import type { Layer } from './decision.ts';
import type { Engine } from './engine.ts';
import { policyHolderOf } from './places.ts';
import type { Policy, Request, Situation } from './situation.ts';

/** A statement that is missing, and where. */
export interface MissingGrant {
  layer: Layer;
  /** The level of an SCP, root first; else null. */
  level: number | null;
  statement: Readonly<Record<string, unknown>>;
}

/** One place where an Allow can be added. */
interface Place {
  layer: Layer;
  level: number | null;
  add(situation: Situation): Situation;
  statement: Readonly<Record<string, unknown>>;
}

/**
 * The fewest statements that would have let the request through, each for this action on this resource alone; undefined
 * where no grant can help, as where a Deny stands against it.
 */
export function smallestGrant(
  situation: Situation,
  { evaluate }: Pick<Engine, 'evaluate'>,
): readonly MissingGrant[] | undefined {
  const places = placesIn(situation);
  for (const wanted of ['allowed', 'conditional'] as const) {
    for (const chosen of smallestFirst(places)) {
      const tried = chosen.reduce((so, place) => place.add(so), situation);
      if (evaluate(tried).outcome === wanted)
        return chosen.map(({ layer, level, statement }) => ({ layer, level, statement }));
    }
  }
  return undefined;
}

/** Ten places and more are an organization ten levels deep: AWS allows five. */
function smallestFirst(places: readonly Place[]): Place[][] {
  const few = places.slice(0, 10);
  const all = Array.from({ length: 2 ** few.length - 1 }, (_, index) =>
    few.filter((_place, bit) => (index + 1) & (1 << bit)),
  );
  return all.sort((a, b) => a.length - b.length);
}

/** Those before the resource's own policy come first: that one opens a way past the boundary. */
function placesIn({ request, permissionsBoundary, sessionPolicies, vpcEndpointPolicies, scps }: Situation): Place[] {
  const statement = { Effect: 'Allow', Action: request.action, Resource: request.resource };
  const isTrust = request.action.toLowerCase().startsWith('sts:assumerole');
  const forResource = isTrust
    ? { Effect: 'Allow', Principal: principalOf(request), Action: request.action }
    : { Effect: 'Allow', Principal: principalOf(request), Action: request.action, Resource: request.resource };
  const places: (Place | null)[] = [
    request.principalKind === null
      ? {
          layer: 'identityPolicies',
          level: null,
          statement,
          add: (so) => ({ ...so, identityPolicies: [...so.identityPolicies, withStatement(null, statement)] }),
        }
      : null,
    permissionsBoundary && {
      layer: 'permissionsBoundary',
      level: null,
      statement,
      add: (so) => ({ ...so, permissionsBoundary: withStatement(so.permissionsBoundary, statement) }),
    },
    sessionPolicies && {
      layer: 'sessionPolicies',
      level: null,
      statement,
      add: (so) => ({ ...so, sessionPolicies: [...(so.sessionPolicies ?? []), withStatement(null, statement)] }),
    },
    vpcEndpointPolicies.length === 0
      ? null
      : {
          layer: 'vpcEndpointPolicies',
          level: null,
          statement: { ...statement, Principal: '*' },
          add: (so) => ({
            ...so,
            vpcEndpointPolicies: so.vpcEndpointPolicies.map((policy) =>
              withStatement(policy, { ...statement, Principal: '*' }),
            ),
          }),
        },
    ...(scps ?? []).map(
      (_, level): Place => ({
        layer: 'scps',
        level,
        statement,
        add: (so) => ({
          ...so,
          scps:
            so.scps?.map((policies, index) =>
              index === level ? [...policies, withStatement(null, statement)] : policies,
            ) ?? null,
        }),
      }),
    ),
    policyHolderOf(request.resource) === '*'
      ? null
      : {
          layer: 'resourcePolicy',
          level: null,
          statement: forResource,
          add: (so) => ({ ...so, resourcePolicy: withStatement(so.resourcePolicy, forResource) }),
        },
  ];
  return places.filter((place) => place !== null);
}

const principalOf = ({ principal, principalKind, principalRoleArn }: Request): unknown => {
  if (principalKind === 'service') return { Service: principal };
  return principalKind === null ? { AWS: principalRoleArn ?? principal } : { Federated: principal };
};

/** The policy with one statement more; a policy that cannot be read stays as it is. */
function withStatement(policy: Policy | null, statement: Readonly<Record<string, unknown>>): Policy {
  if (policy !== null && !policy.ok) return policy;
  const before =
    policy === null
      ? { Version: '2012-10-17', Statement: [] }
      : (JSON.parse(policy.value.text) as { Statement: unknown });
  return parsePolicy(JSON.stringify({ ...before, Statement: [before.Statement, statement].flat() }));
}
