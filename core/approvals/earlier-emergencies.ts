import type { Change } from '../changes/change.ts';
import { type Instant, plusSeconds } from '../time.ts';
import type { Person, Refusal } from './rules.ts';
import { selvesOf } from './same-person.ts';

/** Seconds for which nothing more is taken by whom a review found wrong: by then the rules can say something else. */
const afterDenial = 7 * 86_400;

/**
 * Why somebody takes nothing more in an emergency for now: what they took was found wrong, or, one after the other and
 * looked at by nobody, it would last longer in an account than anything is lent without a break (law P5).
 */
export function earlierRefusal(
  change: Change,
  all: readonly Change[],
  { by, at, longest }: { by: string; at: Instant; longest: number },
  people: readonly Person[],
): Refusal | undefined {
  const { terms, account } = change.plan;
  if (terms.kind !== 'lending') return undefined;
  const person = people.find(({ id }) => id === by);
  const own = person ? selvesOf(person, people).map(({ id }) => id) : [by];
  const taken = all.filter(
    (each) => each.id !== change.id && each.review !== undefined && own.includes(each.requester ?? ''),
  );
  const isWrong = taken.some(
    ({ review }) => review?.said?.verdict === 'deny' && at < plusSeconds(review.said.at, afterDenial),
  );
  if (isWrong) return 'found-wrong';
  const since = taken
    .filter(({ review, state, plan }) => review?.said === null && state !== 'refused' && plan.account === account)
    .flatMap((each) => (each.approvedAt !== null && at < plusSeconds(endOf(each), longest) ? [each.approvedAt] : []))
    .sort()[0];
  return since !== undefined && plusSeconds(at, terms.duration) > plusSeconds(since, longest)
    ? 'not-reviewed'
    : undefined;
}

const endOf = ({ plan: { terms }, approvedAt, plannedAt }: Change): Instant =>
  plusSeconds(approvedAt ?? plannedAt, terms.kind === 'lending' ? terms.duration : 0);
