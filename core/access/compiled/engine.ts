import type { Decision } from '../decision.ts';
import type { Organization, Question } from '../organization.ts';
import { type ActionsOf, createActionsOf } from './actions-of.ts';
import { compileWith, createShared } from './compiled.ts';
import { evaluateIn } from './evaluate.ts';
import { type Able, type OpenQuestion, whoCanIn } from './who-can.ts';

/** Answers questions about one organization. */
export interface Engine {
  /** The same decision as the plain evaluator's. */
  evaluate(question: Question): Decision;
  /** Every user and role that may do it, for certain or under a condition. */
  whoCan(question: OpenQuestion): Able[];
  /** Everything in the catalogue that a principal may do at Resource `*`, as bits by the catalogue's order. */
  actionsOf(principal: string): ActionsOf;
}

/** Reads every policy once and makes what is needed to answer questions fast. */
export function compile(organization: Organization): Engine {
  const compiled = compileWith(createShared(), organization);
  return {
    evaluate: (question) => evaluateIn(compiled, question),
    whoCan: (question) => whoCanIn(compiled, question),
    actionsOf: createActionsOf(compiled),
  };
}
