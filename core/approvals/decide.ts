import type { Decision } from '../changes/change.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Instant } from '../time.ts';
import { isConfirmed, needsConfirmation } from './confirmation.ts';
import { inEmergency } from './emergency.ts';
import { isHarmless, rulesFor } from './matching.ts';
import type { Approvers, Click, Matter, Outcome } from './matter.ts';
import { membersOf } from './roster.ts';
import type { ApproverRule, Person, Refusal } from './rules.ts';
import { everIdentitiesOf, identitiesOf, selvesOf } from './same-person.ts';

export type { Approvers, Click, Matter, Outcome } from './matter.ts';

/**
 * The one decision, for every path (ADR-0007). Of the rules only those that match count, and the strictest wins: each
 * of them must be satisfied on its own, so another matching rule never makes approval easier. One denial by an
 * approver ends the matter. Earlier approvals count only if the same person could still give them now.
 */
export function decide(matter: Matter, click: Click, approvers: Approvers): Result<Outcome, Refusal> {
  const person = approvers.people.find(({ id }) => id === click.by);
  if (person === undefined) return fail('unknown-person');
  if (person.suspended && click.verdict === 'approve') return fail('suspended');
  if (!matter.open) return fail('not-pending');
  if (click.digest !== matter.digest) return fail('digest-mismatch');
  if (click.at > matter.decideBy) return fail('lapsed');
  if (decidesForSelf(person, matter, approvers.people)) {
    const isTaken = matter.emergency !== undefined && click.verdict === 'approve';
    return isTaken ? taken(matter, click, person, approvers) : fail('self-approval');
  }
  const rules = rulesFor(matter, approvers.rules);
  if (rules === undefined) return fail('no-matching-rule');
  if (click.verdict === 'approve' && rules.some(({ deny }) => deny)) return fail('denied-by-rule');
  const rule = ruleOf(person, rules, approvers, click.at);
  if (rule === undefined) return fail('not-an-approver');
  if (hasDecided(person, matter, approvers)) return fail('already-decided');
  const proof = proofOf(matter, click, person, approvers);
  if (proof === undefined) return fail('not-confirmed');

  const { by, verdict, digest, at } = click;
  const decision: Decision = { by, verdict, at, digest, rule: rule.name, ...proof };
  if (verdict === 'deny') return ok({ decision, outcome: 'denied' });
  const enough = isApproved({ ...matter, decisions: [...matter.decisions, decision] }, approvers);
  return ok({ decision, outcome: enough ? 'approved' : 'pending' });
}

/** The one exception to deciding for oneself: what was decided beforehand is taken, and confirmed where it is risky. */
function taken(matter: Matter, click: Click, person: Person, approvers: Approvers): Result<Outcome, Refusal> {
  const asked = { matter, by: click.by, duration: matter.emergency?.duration ?? 0, at: click.at };
  const emergency = inEmergency(asked, approvers);
  if (!emergency.ok) return emergency;
  const proof = proofOf(matter, click, person, approvers);
  if (proof === undefined) return fail('not-confirmed');
  const { decision, reviewBy } = emergency.value;
  return ok({ decision: { ...decision, ...proof }, outcome: 'approved', reviewBy });
}

/** Whose session of AWS confirms the click; undefined where one is needed and there is none. */
function proofOf(
  matter: Pick<Matter, 'digest' | 'risk'>,
  { verdict, confirmation }: Click,
  person: Person,
  { people, confirmAbove }: Approvers,
): Pick<Decision, 'confirmedBy'> | undefined {
  if (isConfirmed(confirmation, matter.digest, identitiesOf(person, people)))
    return { confirmedBy: confirmation.actor };
  return verdict === 'approve' && needsConfirmation(matter.risk, confirmAbove) ? undefined : {};
}

/**
 * Whether the decisions suffice under these rules and these people. Asked again before anything is applied, because an
 * approver may have left meanwhile.
 */
export function isApproved(matter: Matter, approvers: Approvers): boolean {
  const rules = rulesFor(matter, approvers.rules);
  if (rules === undefined || rules.some(({ deny }) => deny)) return false;
  if (matter.decisions.some(({ verdict }) => verdict === 'deny')) return false;
  if (matter.emergency?.denied) return false;
  if (matter.decisions.some((decision) => stillStands(decision, matter, approvers))) return true;
  const standing = matter.decisions.flatMap((decision): Standing[] => {
    const person = approvers.people.find(({ id }) => id === decision.by);
    if (person === undefined || person.suspended || !counts(decision, person, matter, approvers)) return [];
    return decidesForSelf(person, matter, approvers.people) ? [] : [{ person, at: decision.at }];
  });
  const clickIsEnough = !needsConfirmation(matter.risk, approvers.confirmAbove);
  return rules.every(
    (rule) => (clickIsEnough && isHarmless(rule, matter)) || suffice(differentPeople(standing, rule, approvers), rule),
  );
}

/** Whether nobody needs to be asked: every rule that matches names all of it harmless. The same judgement, of no answers. */
export const isApprovedByRule = (matter: Matter, approvers: Approvers): boolean =>
  matter.open && matter.decisions.length === 0 && isApproved(matter, approvers);

/** Whether this is what was taken in an emergency, and could still be. */
function stillStands(decision: Decision, matter: Matter, approvers: Approvers): boolean {
  const person = approvers.people.find(({ id }) => id === decision.by);
  if (matter.emergency === undefined || person === undefined || !counts(decision, person, matter, approvers))
    return false;
  const { by, at, rule } = decision;
  const again = inEmergency(
    { matter: { ...matter, open: true }, by, duration: matter.emergency.duration, at },
    approvers,
  );
  return again.ok && again.value.decision.rule === rule;
}

/** Somebody who approved, and when. */
interface Standing {
  person: Person;
  at: Instant;
}

const suffice = (people: readonly Person[], { quorum, teams = 0 }: ApproverRule): boolean => {
  const different = new Set(people.flatMap(({ team }) => (team === undefined ? [] : [team])));
  return people.length >= Math.max(1, quorum) && different.size >= teams;
};

/** Whether the answer is to what is being asked, and confirmed where that is needed. */
function counts(decision: Decision, person: Person, matter: Matter, approvers: Approvers): boolean {
  if (decision.digest !== matter.digest) return false;
  if (!needsConfirmation(matter.risk, approvers.confirmAbove)) return true;
  const { confirmedBy } = decision;
  return confirmedBy !== undefined && identitiesOf(person, approvers.people).has(confirmedBy);
}

/** Whether any identity of this human is a party or belongs to the lineage. */
function decidesForSelf(
  person: Person,
  matter: Pick<Matter, 'parties' | 'lineage'>,
  people: readonly Person[],
): boolean {
  if (selvesOf(person, people).some(({ id }) => matter.parties.includes(id))) return true;
  const identities = everIdentitiesOf(person, people);
  return matter.lineage.some((actor) => identities.has(actor));
}

/** The rule a decision is recorded under: of those that name the person, the one that asks for most people. */
function ruleOf(
  person: Person,
  rules: readonly ApproverRule[],
  approvers: Approvers,
  at: Instant,
): ApproverRule | undefined {
  const naming = rules.filter((rule) => names(rule, person, approvers, at));
  return naming.sort((a, b) => b.quorum - a.quorum || (a.name < b.name ? -1 : 1))[0];
}

/** Whoever was on call when they answered was an approver then. */
const names = (rule: ApproverRule, person: Person, approvers: Approvers, at: Instant): boolean => {
  const named = membersOf(rule.approvers, approvers, at);
  return selvesOf(person, approvers.people).some(({ id }) => named.has(id));
};

/** An approval that lacks its confirmation may be given again with it. */
const hasDecided = (person: Person, matter: Matter, approvers: Approvers): boolean => {
  const selves = selvesOf(person, approvers.people);
  return matter.decisions.some(
    (decision) => selves.some(({ id }) => id === decision.by) && counts(decision, person, matter, approvers),
  );
};

function differentPeople(standing: readonly Standing[], rule: ApproverRule, approvers: Approvers): readonly Person[] {
  const counted: Person[] = [];
  for (const { person, at } of standing) {
    const selves = selvesOf(person, approvers.people);
    if (names(rule, person, approvers, at) && !counted.some((other) => selves.includes(other))) counted.push(person);
  }
  return counted;
}
