import type { Inventory, PrincipalRecord } from '../identity/inventory.ts';
import type { Engine } from './engine.ts';
import { type Answer, answer } from './extent.ts';
import type { Organization, Question } from './organization.ts';

/** Somebody who may, for certain or under a condition. */
export interface Holder {
  principal: PrincipalRecord;
  question: Question;
  answer: Answer;
}

/**
 * Every user and role that may do it, by ARN; those whose policies cannot be read are among them, since nobody can say
 * that they may not.
 */
export function whoCan(
  ask: (principal: string) => Question,
  engine: Engine,
  organization: Organization,
): readonly Holder[] {
  return principalsOf(organization.inventories).flatMap((principal) => {
    const question = ask(principal.arn);
    const given = answer(question, engine, organization);
    const may = given.outcome !== 'implicit-deny' && given.outcome !== 'explicit-deny';
    return may ? [{ principal, question, answer: given }] : [];
  });
}

const principalsOf = (inventories: readonly Inventory[]): PrincipalRecord[] =>
  inventories.flatMap(({ principals }) => principals).sort((a, b) => (a.arn < b.arn ? -1 : 1));
