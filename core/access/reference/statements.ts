import { coversAction } from '../../policy/match.ts';
import type { PolicyDocument, Statement } from '../../policy/statement.ts';
import type { Because, Layer } from '../decision.ts';
import { conditionHolds, type Facts, resourceCovered } from '../residual/facts.ts';
import { allOf, anyOf, type Formula } from '../residual/formula.ts';
import type { Policy, Request } from '../situation.ts';
import type { Caller } from './caller.ts';
import { everybody, isNamed, type Named, namedBy } from './principals.ts';

/** What is asked, ready to be held against statements. */
export interface Asked {
  request: Request;
  caller: Caller;
  facts: Facts;
  hasBoundary: boolean;
}

/** A statement that speaks of what is asked, or may. */
export interface Spoken {
  because: Because;
  /** When it does. */
  when: Formula;
  /** By which name it speaks of the caller. */
  named: Named;
}

/** The statements of a layer's policies that speak of what is asked. `level`: where the layer has levels. */
export function spokenIn(layer: Layer, policies: readonly Policy[], asked: Asked, level?: number): Spoken[] {
  return policies.flatMap((policy, index) => {
    if (!policy.ok) return [];
    const place = level === undefined ? index : `${level}.${index}`;
    return policy.value.statements.flatMap((statement) => {
      const spoken = heardBy(statement, policy.value.version, asked);
      const { index: number, effect } = statement;
      return spoken.when === false ? [] : [{ ...spoken, because: { layer, policy: place, statement: number, effect } }];
    });
  });
}

function heardBy(
  statement: Statement,
  version: PolicyDocument['version'],
  { request, caller, facts, hasBoundary }: Asked,
): Omit<Spoken, 'because'> {
  const { effect, resources, principals, conditions } = statement;
  if (!coversAction(statement, request.action)) return { when: false, named: everybody };
  const named = principals ? namedBy(principals, caller, { effect, hasBoundary }) : everybody;
  const when = allOf([
    isNamed(named),
    resources === null || resourceCovered(resources, version, request.resource, facts),
    ...conditions.map((condition) => conditionHolds(condition, version, facts)),
  ]);
  return { when, named };
}

/** When one of them allows. */
export const isAllowedBy = (spoken: readonly Spoken[]): Formula =>
  anyOf(spoken.filter(({ because }) => because.effect === 'Allow').map(({ when }) => when));

/** When one of them denies. */
export const isDeniedBy = (spoken: readonly Spoken[]): Formula =>
  anyOf(spoken.filter(({ because }) => because.effect === 'Deny').map(({ when }) => when));

/** When one of them allows the caller by this name. */
export const isAllowedAs = (name: keyof Named, spoken: readonly Spoken[]): Formula =>
  anyOf(
    spoken.filter(({ because }) => because.effect === 'Allow').map(({ when, named }) => allOf([when, named[name]])),
  );
