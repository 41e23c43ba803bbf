import type { ChangeKind, Decision } from '../changes/change.ts';
import type { ActorId } from '../identity/principal.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Instant } from '../time.ts';
import type { ApproverRule, Person, Refusal } from './rules.ts';
import { identitiesOf, selvesOf } from './same-person.ts';

/** What is to be decided: a plan, its undo, or the answer to a case. */
export interface Matter {
  kind: ChangeKind;
  accounts: readonly string[];
  /** False: it was decided already, or nothing is being asked. */
  open: boolean;
  digest: string;
  decideBy: Instant;
  /** Person ids of those who asked or who would gain; none of them may decide. */
  parties: readonly string[];
  /** Identities that may not decide: the target, its lineage, and those of the parties when the plan was made. */
  lineage: readonly ActorId[];
  /** What was decided about this digest so far. */
  decisions: readonly Decision[];
}

/** One click. */
export interface Click {
  /** Person id. */
  by: string;
  verdict: 'approve' | 'deny';
  /** The digest that the person saw. */
  digest: string;
  at: Instant;
}

export interface Approvers {
  rules: readonly ApproverRule[];
  people: readonly Person[];
}

/** `pending`: the decision counts, and more different people have to approve. */
export interface Outcome {
  decision: Decision;
  outcome: 'approved' | 'denied' | 'pending';
}

/**
 * The one decision, for every path (ADR-0007). Of the rules only those that match count, and the strictest wins: each
 * of them must be satisfied on its own, so another matching rule never makes approval easier. One denial by an
 * approver ends the matter. Earlier approvals count only if the same person could still give them now.
 */
export function decide(matter: Matter, click: Click, approvers: Approvers): Result<Outcome, Refusal> {
  const person = approvers.people.find(({ id }) => id === click.by);
  if (person === undefined) return fail('unknown-person');
  if (!matter.open) return fail('not-pending');
  if (click.digest !== matter.digest) return fail('digest-mismatch');
  if (click.at > matter.decideBy) return fail('lapsed');
  if (decidesForSelf(person, matter, approvers.people)) return fail('self-approval');
  const rules = rulesFor(matter, approvers.rules);
  if (rules.length === 0) return fail('no-matching-rule');
  if (click.verdict === 'approve' && rules.some(({ deny }) => deny)) return fail('denied-by-rule');
  const rule = ruleOf(person, rules, approvers.people);
  if (rule === undefined) return fail('not-an-approver');
  if (hasDecided(person, matter, approvers.people)) return fail('already-decided');

  const { by, verdict, digest, at } = click;
  const decision: Decision = { by, verdict, at, digest, rule: rule.name };
  if (verdict === 'deny') return ok({ decision, outcome: 'denied' });
  const enough = isApproved({ ...matter, decisions: [...matter.decisions, decision] }, approvers);
  return ok({ decision, outcome: enough ? 'approved' : 'pending' });
}

/**
 * Whether the decisions suffice under these rules and these people. Asked again before anything is applied, because an
 * approver may have left meanwhile.
 */
export function isApproved(matter: Matter, approvers: Approvers): boolean {
  const rules = rulesFor(matter, approvers.rules);
  if (rules.length === 0 || rules.some(({ deny }) => deny)) return false;
  if (matter.decisions.some(({ verdict }) => verdict === 'deny')) return false;
  const standing = matter.decisions.flatMap(({ by, digest }) => {
    const person = approvers.people.find(({ id }) => id === by);
    if (person === undefined || digest !== matter.digest) return [];
    return decidesForSelf(person, matter, approvers.people) ? [] : [person];
  });
  return rules.every((rule) => differentPeople(standing, rule, approvers.people) >= Math.max(1, rule.quorum));
}

/** Whether any identity of this human is a party or belongs to the lineage. */
function decidesForSelf(
  person: Person,
  matter: Pick<Matter, 'parties' | 'lineage'>,
  people: readonly Person[],
): boolean {
  if (selvesOf(person, people).some(({ id }) => matter.parties.includes(id))) return true;
  const identities = identitiesOf(person, people);
  return matter.lineage.some((actor) => identities.has(actor));
}

const rulesFor = (matter: Matter, rules: readonly ApproverRule[]): readonly ApproverRule[] =>
  rules.filter(
    (rule) =>
      (rule.kinds === undefined || rule.kinds.includes(matter.kind)) &&
      (rule.accounts === undefined || matter.accounts.some((account) => rule.accounts?.includes(account))),
  );

/** The rule a decision is recorded under: of those that name the person, the one that asks for most people. */
function ruleOf(person: Person, rules: readonly ApproverRule[], people: readonly Person[]): ApproverRule | undefined {
  const naming = rules.filter((rule) => names(rule, person, people));
  return naming.sort((a, b) => b.quorum - a.quorum || (a.name < b.name ? -1 : 1))[0];
}

const names = (rule: ApproverRule, person: Person, people: readonly Person[]): boolean =>
  selvesOf(person, people).some(({ id }) => rule.approvers.includes(id));

const hasDecided = (person: Person, matter: Matter, people: readonly Person[]): boolean => {
  const selves = selvesOf(person, people);
  return matter.decisions.some(({ by }) => selves.some(({ id }) => id === by));
};

function differentPeople(standing: readonly Person[], rule: ApproverRule, people: readonly Person[]): number {
  const counted: Person[] = [];
  for (const person of standing) {
    const selves = selvesOf(person, people);
    if (names(rule, person, people) && !counted.some((other) => selves.includes(other))) counted.push(person);
  }
  return counted.length;
}
