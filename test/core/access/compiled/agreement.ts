import { compile, type Engine } from '../../../../core/access/compiled/engine.ts';
import { type Decision, layers } from '../../../../core/access/decision.ts';
import type { Organization, Question } from '../../../../core/access/organization.ts';
import { callerOf } from '../../../../core/access/reference/caller.ts';
import { evaluate } from '../../../../core/access/reference/evaluate.ts';
import type { ContextValue, Policy, Situation } from '../../../../core/access/situation.ts';
import { createSituations } from '../../../../core/access/situations.ts';
import { operatorNames } from '../../../../core/policy/conditions/operator.ts';

/** How often each layer spoke, each operator stood in a statement that spoke, each outcome and kind of caller came up. */
export type Coverage = Record<'layers' | 'operators' | 'outcomes' | 'callers', Record<string, number>>;

export const noCoverage = (): Coverage => ({
  layers: Object.fromEntries(layers.map((layer) => [layer, 0])),
  operators: Object.fromEntries(
    ['', 'ForAllValues:', 'ForAnyValue:'].flatMap((quantifier) =>
      operatorNames.filter((name) => name !== 'Null' || quantifier === '').map((name) => [`${quantifier}${name}`, 0]),
    ),
  ),
  outcomes: {},
  callers: {},
});

/** Holds the compiled engine against the plain evaluator on some questions about one organization. */
export function agree(organization: Organization, questions: readonly Question[], coverage: Coverage): void {
  const engine = compile(organization);
  const situationOf = createSituations(organization);
  for (const question of questions) {
    const situation = situationOf(question);
    const expected = evaluate(situation);
    const got = engine.evaluate(question);
    const [a, b] = [told(got), told(expected)];
    if (JSON.stringify(a) !== JSON.stringify(b)) expect({ question, ...a }).toEqual({ question, ...b });
    if (got.when) witnessed(situation, got);
    note(coverage, situation, expected);
  }
  repeated(engine, questions);
}

/** What is remembered of one question is never the answer to another. */
function repeated(engine: Engine, questions: readonly Question[]): void {
  const first = questions.map((question) => JSON.stringify(engine.evaluate(question)));
  for (let round = 0; round < 3; round++) {
    for (const [index, question] of questions.entries()) {
      const again = JSON.stringify(engine.evaluate(question));
      if (again !== first[index]) expect(again).toBe(first[index]);
    }
  }
}

/** Everything but how the condition is written: equal formulas can be written in many ways. */
const told = ({ outcome, because, when, invalid }: Decision) => ({ outcome, because, when: when !== null, invalid });

/** No request says what nobody tells, and none says a caller's own id otherwise than it is. */
const unsayable = /^(?:untold:|policy of |aws:userid$)/;

/** What the engine says to let the request through lets it through. */
function witnessed(situation: Situation, { when }: Decision): void {
  const given = Object.entries(when!.witness).map(([key, value]) => [key.toLowerCase(), value ?? []] as const);
  if (given.length === 0 || given.some(([key]) => unsayable.test(key))) return;
  const owner = given.find(([key]) => key === 'aws:resourceaccount')?.[1];
  const context = new Map<string, ContextValue>([...situation.request.context, ...given]);
  const resourceAccount = typeof owner === 'string' ? owner : situation.request.resourceAccount;
  expect(evaluate({ ...situation, request: { ...situation.request, context, resourceAccount } }).outcome).toBe(
    'allowed',
  );
}

function note(coverage: Coverage, situation: Situation, { outcome, because }: Decision): void {
  const count = (counts: Record<string, number>, name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  count(coverage.outcomes, outcome);
  count(coverage.callers, callerOf(situation.request).kind);
  for (const { layer, policy, statement } of because) {
    count(coverage.layers, layer);
    const spoken = policyAt(situation, layer, policy);
    if (!spoken?.ok) continue;
    for (const { test } of spoken.value.statements[statement]!.conditions) {
      count(coverage.operators, `${test.quantifier ? `${test.quantifier}:` : ''}${test.name}`);
    }
  }
}

function policyAt(
  situation: Situation,
  layer: (typeof layers)[number],
  place: number | string,
): Policy | null | undefined {
  if (layer === 'kmsGrants') return null;
  if (layer === 'permissionsBoundary' || layer === 'resourcePolicy') return situation[layer];
  const [level, index] = String(place).split('.').map(Number) as [number, number?];
  if (layer === 'scps' || layer === 'rcps') return situation[layer]?.[level]?.[index!];
  return situation[layer]?.[level];
}

/** One line for each group of the coverage. */
export const coverageLines = (coverage: Coverage): string =>
  Object.entries(coverage)
    .map(
      ([group, counts]) =>
        `  ${group}: ${Object.entries(counts)
          .map(([name, times]) => `${name} ${times}`)
          .join(', ')}\n`,
    )
    .join('');
