import { always, type Formula, never } from './formula.ts';
import type { Held } from './population.ts';
import type { Survey } from './survey.ts';

/** When the own policies of each member and those of its groups allow, and when they deny; by number. */
export interface Identities {
  readonly allow: Int32Array;
  readonly deny: Int32Array;
}

/** Each statement is read once for all who have it; only one that depends on who asks is told by member. */
export function identitiesIn(survey: Survey): Identities {
  const { population, action } = survey;
  const size = population.members.length;
  // Nobody is allowed or denied anything: `never` is what arrays begin with.
  const said = { allow: new Int32Array(size), deny: new Int32Array(size) };
  for (const held of population.speakingOf(action)) tell(held, said, survey);
  return said;
}

function tell({ statement, by }: Held, { allow, deny }: Identities, survey: Survey): void {
  const reach = survey.reachOf(statement);
  if (reach === 'no') return;
  const into = statement.effect === 'Allow' ? allow : deny;
  const depends = reach === 'depends';
  if (depends || statement.tests.some(({ on }) => on !== 'nobody')) {
    for (const member of by) add(into, member, survey.whenOf(statement, depends, member), survey);
    return;
  }
  const when = statement.tests.length === 0 ? always : survey.whenOf(statement, false, by[0]!);
  if (when === always) for (const member of by) into[member] = always;
  else if (when !== never) for (const member of by) add(into, member, when, survey);
}

function add(into: Int32Array, member: number, when: Formula, { formulas }: Survey): void {
  into[member] = formulas.either(into[member]!, when);
}
