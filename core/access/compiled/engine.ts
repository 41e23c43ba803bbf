import type { Decision } from '../decision.ts';
import type { Organization, Question } from '../organization.ts';
import { compileWith, createShared } from './compiled.ts';
import { evaluateIn } from './evaluate.ts';

/** Answers questions about one organization. */
export interface Engine {
  /** The same decision as the plain evaluator's. */
  evaluate(question: Question): Decision;
}

/** Reads every policy once and makes what is needed to answer questions fast. */
export function compile(organization: Organization): Engine {
  const compiled = compileWith(createShared(), organization);
  return { evaluate: (question) => evaluateIn(compiled, question) };
}
