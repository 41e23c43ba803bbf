import { type Instant, secondsOf } from '../time.ts';
import type { Facet } from '../usage/item.ts';
import type { Verdict } from './case.ts';
import type { Find, Moment } from './novelty.ts';
import { signalKind } from './session.ts';
import { alwaysTold, type Weights } from './weights.ts';

/** What people decided, as the model asks for it. */
export interface VerdictView {
  /** Takes out of a moment what people expect at that time. What is always told is told. */
  withoutExpected(moment: Moment): Moment;
  notUs(find: Find, moment: Moment): boolean;
  /** Whether people want to hear of it in the digest only, at that time. What is always told is told. */
  isMuted(find: Find, moment: Moment): boolean;
  /** When a case with this facet was answered: what is new after that is another case. */
  answeredAt(find: Find): readonly Instant[];
}

/** A verdict speaks of the time after it was given, never of what was told before: cases do not change under people. */
export function verdictView(verdicts: readonly Verdict[]): VerdictView {
  const byFacet = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const id = familyOf(verdict.facet);
    const known = byFacet.get(id);
    if (known === undefined) byFacet.set(id, [verdict]);
    else known.push(verdict);
  }
  const of = (find: Find): readonly Verdict[] => byFacet.get(familyOf(find.facet)) ?? [];
  const latestAt = (find: Find, time: Instant): Verdict | undefined =>
    of(find)
      .filter(({ at }) => at <= time)
      .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))[0];
  const isExpected = (find: Find, { use }: Moment): boolean => {
    const verdict = latestAt(find, use.time);
    if (verdict?.verdict !== 'expected' || alwaysTold.has(signalKind(find.facet))) return false;
    return verdict.until === null || use.time <= verdict.until;
  };
  return {
    withoutExpected: (moment) =>
      byFacet.size === 0 ? moment : { ...moment, finds: moment.finds.filter((find) => !isExpected(find, moment)) },
    notUs: (find, { use }) => latestAt(find, use.time)?.verdict === 'not-us',
    isMuted(find, { use }) {
      const verdict = latestAt(find, use.time);
      if (verdict?.verdict !== 'muted' || alwaysTold.has(signalKind(find.facet))) return false;
      return verdict.until !== null && use.time <= verdict.until;
    },
    answeredAt: (find) => of(find).map(({ at }) => at),
  };
}

/** A signal stands for its kind, whichever hour it was seen in. */
const familyOf = (facet: Facet): string =>
  JSON.stringify([
    facet.kind,
    facet.action ?? null,
    facet.kind === 'signal' ? signalKind(facet) : (facet.value ?? null),
  ]);

/** Sessions in order of time: a gap ends one, its length does, and the answer that people gave to it. */
export function cutIntoSessions(
  moments: readonly Moment[],
  { answeredAt }: Pick<VerdictView, 'answeredAt'>,
  limits: Weights['session'],
): readonly (readonly Moment[])[] {
  const sessions: Moment[][] = [];
  let answers: Instant[] = [];
  for (const moment of moments) {
    const current = sessions.at(-1);
    if (current === undefined || ends(current, moment, limits) || answers.some((at) => moment.use.time >= at)) {
      sessions.push([moment]);
      answers = [];
    } else {
      current.push(moment);
    }
    answers.push(...moment.finds.flatMap(answeredAt).filter((at) => at > moment.use.time));
  }
  return sessions;
}

function ends(session: readonly Moment[], { use }: Moment, limits: Weights['session']): boolean {
  const at = secondsOf(use.time);
  const gap = at - secondsOf(session.at(-1)!.use.time);
  return gap > limits.gap || at - secondsOf(session[0]!.use.time) > limits.length;
}
