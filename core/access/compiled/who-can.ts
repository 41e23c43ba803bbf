import type { Because } from '../decision.ts';
import type { Compiled } from './compiled.ts';
import { evaluateIn, invalidIn, isFree } from './evaluate.ts';
import { never } from './formula.ts';
import { identitiesIn } from './identities.ts';
import { type Answer, Standings } from './standings.ts';
import { type OpenQuestion, Survey } from './survey.ts';

/** A user or role that may, for certain or under a condition; or whose policies cannot be read. */
export interface Able extends Answer {
  readonly principal: string;
  /** The statements that took part; found when asked for. */
  because(): readonly Because[];
}

/**
 * Every user and role of the organization that may do it, in the order of the inventories. Each document is read once;
 * who has none that allows and is not let in by the resource's policy is not looked at; those of whom every layer says
 * the same are decided together.
 */
export function whoCanIn(compiled: Compiled, question: OpenQuestion): Able[] {
  const survey = new Survey(compiled, question);
  const { members } = survey.population;
  const answerOf = answersTo(survey);
  const able: Able[] = [];
  for (let number = 0; number < members.length; number++) {
    const answer = answerOf(number);
    if (!answer) continue;
    const principal = members[number]!.holder.record.arn;
    const because = () => evaluateIn(compiled, { ...question, ...plainly, principal }).because;
    able.push({ principal, outcome: answer.outcome, when: answer.when, because });
  }
  return able;
}

const plainly = { principalKind: null, principalRoleArn: null, federatingUserArn: null, sessionPolicies: null };

function answersTo(survey: Survey): (member: number) => Answer | null {
  const { isFreeFor } = survey.target;
  const unreadable = unreadableIn(survey);
  const standings = new Standings(survey);
  const letIn = standings.letIn();
  const { allow, deny } = identitiesIn(survey);
  const decided = (member: number): Answer | null =>
    allow[member] === never && letIn[member] === 0 ? null : standings.answerOf(member, allow[member]!, deny[member]!);
  if (unreadable.size === 0 && isFreeFor === null) return decided;
  return (member) => {
    if (unreadable.has(member)) return invalid;
    const isAllowed = isFreeFor !== null && isFree(isFreeFor, survey.population.members[member]!.profile.caller);
    return isAllowed ? allowed : decided(member);
  };
}

const allowed: Answer = { outcome: 'allowed', when: null };
const invalid: Answer = { outcome: 'invalid-policy', when: null };

/** Those on whom a policy bears that cannot be read. */
function unreadableIn({ owner, endpoint, target, population }: Survey): ReadonlySet<number> {
  const unreadable = new Set(population.invalid);
  for (const { profile, members } of population.peers) {
    const above = invalidIn({ ...profile, holder: undefined }, owner, [endpoint, target.attached], null);
    if (above.length > 0) for (const member of members) unreadable.add(member);
  }
  return unreadable;
}
