import { parsePolicy } from '../policy/parse.ts';
import type { Decision, Test } from './decision.ts';
import type { Organization } from './organization.ts';
import { accountOf, arnParts, policyHolderOf } from './places.ts';
import type { Policy, Situation } from './situation.ts';

/**
 * Whether a resource may have a policy that nobody read. A policy that might only deny is not looked for: then every
 * answer about a resource that no file names would be a condition.
 */
export function unseenIn({ inventories, resources }: Organization): (situation: Situation) => boolean {
  const seen = new Set([
    ...resources.map(({ arn }) => arn),
    ...inventories.flatMap(({ principals }) => principals.map(({ arn }) => arn)),
  ]);
  return ({ request, resourcePolicy }) =>
    resourcePolicy === null &&
    arnParts(request.resource) !== undefined &&
    accountOf(request.principal) !== '' &&
    !seen.has(policyHolderOf(request.resource));
}

/**
 * What is denied for want of a word from the resource alone: a key's policy, a role's trust, the other account's side.
 * Where it would be allowed if the resource left it to the caller's account, it depends on the resource.
 */
export function ifDelegated(situation: Situation, decision: Decision, evaluate: (it: Situation) => Decision): Decision {
  const { request } = situation;
  const resourcePolicy = delegationTo(accountOf(request.principal), request.action);
  const then = evaluate({ ...situation, resourcePolicy });
  if (then.outcome !== 'allowed' && then.outcome !== 'conditional') return decision;
  const condition: Test = {
    operator: 'Allows',
    key: `policy of ${policyHolderOf(request.resource)}`,
    values: [request.principal],
  };
  return {
    ...then,
    outcome: 'conditional',
    because: then.because.filter(({ layer }) => layer !== 'resourcePolicy'),
    when: {
      condition: then.when ? { all: [condition, then.when.condition] } : condition,
      witness: { ...then.when?.witness, [condition.key]: `allows ${request.principal}` },
    },
  };
}

/** A resource policy that leaves an action to an account. */
export const delegationTo = (account: string, action: string): Policy => policyFor({ AWS: account }, action);

/** A resource policy that gives an action to everybody. */
export const openDoor = (action: string): Policy => policyFor('*', action);

const policyFor = (Principal: string | object, action: string): Policy =>
  parsePolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal,
          Action: action,
          ...(action.toLowerCase().startsWith('sts:') ? {} : { Resource: '*' }),
        },
      ],
    }),
  );
