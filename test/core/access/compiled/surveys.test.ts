import fc from 'fast-check';
import { actionNumbers } from '../../../../core/access/compiled/action-numbers.ts';
import { hasBit } from '../../../../core/access/compiled/bits.ts';
import { compile, type Engine } from '../../../../core/access/compiled/engine.ts';
import type { Question } from '../../../../core/access/organization.ts';
import { evaluate } from '../../../../core/access/reference/evaluate.ts';
import { createSituations } from '../../../../core/access/situations.ts';
import { organization, question } from './random-organizations.ts';
import { actions } from './random-policies.ts';

const self = { principalKind: null, principalRoleArn: null, federatingUserArn: null, sessionPolicies: null };

test(
  'who-can names those whom the plain evaluator lets through, one by one',
  () =>
    fc.assert(
      fc.property(organization, fc.array(question, { minLength: 8, maxLength: 8 }), (made, asked) => {
        const engine = compile(made);
        const situationOf = createSituations(made);
        const principals = made.inventories.flatMap((inventory) => inventory.principals.map(({ arn }) => arn));
        for (const each of asked) {
          const found = engine
            .whoCan(each)
            .map(({ principal, outcome, when, because }) => [principal, outcome, when !== null, because()]);
          const expected = principals.flatMap((principal) => {
            const { outcome, when, because } = evaluate(situationOf({ ...each, ...self, principal }));
            return outcome.endsWith('deny') ? [] : [[principal, outcome, when !== null, because]];
          });
          expect(found).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    ),
  60_000,
);

const { byName } = actionNumbers();
const known = actions.filter((action) => byName.has(action.toLowerCase()));

test(
  'everything that a principal may do is what the plain evaluator allows, action by action',
  () =>
    fc.assert(
      fc.property(organization, (made) => {
        const engine = compile(made);
        const situationOf = createSituations(made);
        const decide = (question: Question): string => evaluate(situationOf(question)).outcome;
        for (const { account, principals } of made.inventories)
          for (const { arn } of principals) expect(surveyed(engine, arn)).toEqual(oneByOne(decide, arn, account));
      }),
      { numRuns: 40 },
    ),
  60_000,
);

function surveyed(engine: Engine, principal: string): string[] {
  const { allowed, conditional, invalid } = engine.actionsOf(principal);
  return known.map((action) => {
    const number = byName.get(action.toLowerCase())!;
    if (invalid.length > 0) return `${action} invalid-policy`;
    return `${action} ${hasBit(allowed, number) ? 'allowed' : hasBit(conditional, number) ? 'conditional' : 'no'}`;
  });
}

const oneByOne = (decide: (question: Question) => string, principal: string, resourceAccount: string): string[] =>
  known.map((action) => {
    const open = { context: new Map(), unknown: 'all', vpcEndpointPolicies: [] } as const;
    const outcome = decide({ ...self, ...open, principal, action, resource: '*', resourceAccount });
    return `${action} ${outcome.endsWith('deny') ? 'no' : outcome}`;
  });
