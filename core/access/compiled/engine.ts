import type { Decision } from '../decision.ts';
import type { Organization, PolicyPlace, Question } from '../organization.ts';
import { replacePolicy } from '../replace-policy.ts';
import { type ActionsOf, createActionsOf } from './actions-of.ts';
import { type Caveated, caveatedIn } from './caveated.ts';
import { type Compiled, compileWith, createShared, type Shared } from './compiled.ts';
import { evaluateIn } from './evaluate.ts';
import type { OpenQuestion } from './survey.ts';
import { type Able, whoCanIn } from './who-can.ts';

/** Answers questions about one organization. */
export interface Engine {
  /** The same decision as the plain evaluator's. */
  evaluate(question: Question): Decision;
  /** Every user and role that may do it, for certain or under a condition. */
  whoCan(question: OpenQuestion): Able[];
  /** Everything in the catalogue that a principal may do at Resource `*`, as bits by the catalogue's order. */
  actionsOf(principal: string): ActionsOf;
  /** The engine of the organization with one policy's text replaced. Whatever that does not touch is not read again. */
  replacePolicy(place: PolicyPlace, text: string): Engine;
}

/** Reads every policy once and makes what is needed to answer questions fast. */
export function compile(organization: Organization): Engine {
  const shared = createShared();
  return engineOf(organization, {
    shared,
    compiled: compileWith(shared, organization),
    caveated: caveatedIn(organization),
  });
}

interface Parts {
  shared: Shared;
  compiled: Compiled;
  caveated: Caveated;
}

function engineOf(organization: Organization, { shared, compiled, caveated }: Parts): Engine {
  return {
    evaluate: (question) => {
      const place = compiled.targets.placeOf(question.resource);
      return caveated.decision(question, evaluateIn(compiled, question, place), place);
    },
    whoCan: (question) => caveated.able(question, whoCanIn(compiled, question)),
    actionsOf: createActionsOf(compiled),
    replacePolicy: (place, text) => {
      const changed = replacePolicy(organization, place, text);
      const bearingOn = place.kind === 'resource' ? undefined : caveated.bearingOn;
      return engineOf(changed, {
        shared,
        compiled: compileWith(shared, changed, { compiled, place }),
        caveated: caveatedIn(changed, bearingOn),
      });
    },
  };
}
