import { compile } from './compiled/engine.ts';
import type { Decision } from './decision.ts';
import type { Organization, Question } from './organization.ts';
import { evaluate } from './reference/evaluate.ts';
import type { Situation } from './situation.ts';
import { createSituations } from './situations.ts';
import { ifDelegated, unseenIn } from './unseen.ts';

/** Decides questions about one organization. */
export interface Engine {
  decide(question: Question): Decision;
  /** Everything that bears on the question. */
  situationOf(question: Question): Situation;
  /** Decides what a situation says, whatever organization it came from. */
  evaluate(situation: Situation): Decision;
}

/** The engine that answers the questions of the command line. */
export function engineOf(organization: Organization): Engine {
  const situationOf = createSituations(organization);
  const compiled = compile(organization);
  const isUnseen = unseenIn(organization);
  return {
    situationOf,
    evaluate,
    decide: (question) => {
      const situation = situationOf(question);
      const decision = compiled.evaluate(question);
      const mayDepend = decision.outcome === 'implicit-deny' && isUnseen(situation);
      return mayDepend ? ifDelegated(situation, decision, evaluate) : decision;
    },
  };
}
