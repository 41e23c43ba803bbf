import type { Decision } from '../changes/change.ts';
import { fail, ok, type Result } from '../result.ts';
import { type Instant, plusSeconds } from '../time.ts';
import { rulesFor } from './matching.ts';
import type { Approvers, Matter } from './matter.ts';
import { membersOf } from './roster.ts';
import type { Refusal } from './rules.ts';
import { selvesOf } from './same-person.ts';

/** What an emergency takes: the decision that was made beforehand, and until when somebody else must look at it. */
export interface Emergency {
  decision: Decision;
  reviewBy: Instant;
}

interface Asked {
  matter: Omit<Matter, 'emergency' | 'decisions'>;
  /** Who asks, for themselves. */
  by: string;
  /** Seconds. */
  duration: number;
  at: Instant;
}

/**
 * Break-glass: takes a decision that was made beforehand, over a bounded scope and time, for the one who asks. It needs
 * nobody now, so what it is about must be known whole; a rule that denies stands above it. The review is somebody else's.
 */
export function inEmergency({ matter, by, duration, at }: Asked, approvers: Approvers): Result<Emergency, Refusal> {
  const person = approvers.people.find(({ id }) => id === by);
  if (person === undefined) return fail('unknown-person');
  if (person.suspended) return fail('suspended');
  if (!matter.open || matter.kind !== 'lending') return fail('not-pending');
  const rules = rulesFor(matter, approvers.rules);
  // Where no rule matches nobody could review it.
  if (rules === undefined) return fail('no-matching-rule');
  if (rules.some(({ deny }) => deny)) return fail('denied-by-rule');
  const own = selvesOf(person, approvers.people).map(({ id }) => id);
  const isOwn = matter.parties.every((party) => own.includes(party));
  const classes = matter.facts?.classes ?? [];
  const taken = (approvers.standing ?? []).find(
    (each) =>
      isOwn &&
      own.some((id) => membersOf(each.people, approvers, at).has(id)) &&
      matter.accounts.every((account) => each.accounts.includes(account)) &&
      classes.length > 0 &&
      classes.every((of) => each.classes.includes(of)) &&
      duration <= each.maxHours * 3600,
  );
  if (taken === undefined) return fail('no-standing-decision');
  const decision: Decision = { by, verdict: 'approve', at, digest: matter.digest, rule: `standing:${taken.name}` };
  return ok({ decision, reviewBy: plusSeconds(at, taken.reviewWithinHours * 3600) });
}

/** Whether this person may review what was taken in an emergency: an approver of it who is none of its parties. */
export function reviewRefusal(matter: Matter, by: string, at: Instant, approvers: Approvers): Refusal | undefined {
  const person = approvers.people.find(({ id }) => id === by);
  if (person === undefined) return 'unknown-person';
  const selves = selvesOf(person, approvers.people);
  const isParty = selves.some(
    ({ id, actors, former = [] }) =>
      matter.parties.includes(id) || [...actors, ...former].some((actor) => matter.lineage.includes(actor)),
  );
  if (isParty) return 'self-approval';
  const rules = rulesFor(matter, approvers.rules) ?? [];
  const named = rules.some((rule) => selves.some(({ id }) => membersOf(rule.approvers, approvers, at).has(id)));
  return named ? undefined : 'not-an-approver';
}

/** Everybody who may review it. */
export const reviewersOf = (matter: Matter, at: Instant, approvers: Approvers): readonly string[] =>
  approvers.people
    .map(({ id }) => id)
    .filter((id) => reviewRefusal(matter, id, at, approvers) === undefined)
    .sort();

/** Whom to tell where an answer is still missing: after half of the time everybody who may give it, not only the channel. */
export function escalation(matter: Matter, since: Instant, now: Instant, approvers: Approvers): readonly string[] {
  const half = (Date.parse(since) + Date.parse(matter.decideBy)) / 2;
  if (!matter.open || Date.parse(now) < half || now > matter.decideBy) return [];
  const rules = rulesFor(matter, approvers.rules) ?? [];
  if (rules.some(({ deny }) => deny)) return [];
  const answered = new Set(matter.decisions.map(({ by }) => by));
  const named = rules.flatMap(({ approvers: names }) => [...membersOf(names, approvers, now)]);
  return [...new Set(named)].filter((id) => !answered.has(id) && !matter.parties.includes(id)).sort();
}
