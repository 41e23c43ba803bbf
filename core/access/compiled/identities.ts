import { always, type Formula, never } from './formula.ts';
import type { Match } from './queries.ts';
import type { Survey } from './survey.ts';

/** When the own policies of each member and those of its groups allow, and when they deny; by number. */
export interface Identities {
  readonly allow: Int32Array;
  readonly deny: Int32Array;
}

/** Each document is read once for all who have it; only statements that depend on who asks are told by member. */
export function identitiesIn(survey: Survey): Identities {
  const { population, compiled, query } = survey;
  const size = population.members.length;
  const said = { allow: new Int32Array(size).fill(never), deny: new Int32Array(size).fill(never) };
  for (const { document, by } of population.held) {
    for (const match of compiled.queries.matchesIn(query, document, 'identityPolicies', 0))
      tell(match, by, said, survey);
  }
  return said;
}

function tell(match: Match, by: readonly number[], { allow, deny }: Identities, survey: Survey): void {
  const into = match.statement.effect === 'Allow' ? allow : deny;
  if (match.on !== 'nobody') {
    for (const member of by) add(into, member, survey.whenOf(match, member), survey);
    return;
  }
  const when = match.open ? survey.whenOf(match, by[0]!) : always;
  if (when === always) for (const member of by) into[member] = always;
  else if (when !== never) for (const member of by) add(into, member, when, survey);
}

function add(into: Int32Array, member: number, when: Formula, { formulas }: Survey): void {
  const earlier = into[member]!;
  into[member] = earlier === never ? when : formulas.any([earlier, when]);
}
