import type { ActorId } from '../identity/principal.ts';
import type { Instant } from '../time.ts';
import type { Case, CaseId, Verdict } from './case.ts';

/** Something that people call expected again and again, so that it might be written down once for all. */
export interface ProposedRule {
  action: string;
  /** The accounts of each of the cases; ascending. */
  accounts: readonly string[];
  cases: readonly CaseId[];
  actors: readonly ActorId[];
}

/** So many answers alike are a habit of the organization and no longer one of somebody. */
const alike = 3;

/**
 * What was answered "expected" in three cases or more, of one action in the same accounts, by answers that hold at `at`.
 * A sentence for people and nothing else: no answer follows from it. What is always told has no such answers.
 */
export function proposedRules(
  verdicts: readonly Verdict[],
  cases: readonly Pick<Case, 'id' | 'accounts'>[],
  at: Instant,
): readonly ProposedRule[] {
  const accountsOf = new Map(cases.map(({ id, accounts }) => [id, [...accounts].sort()]));
  const shapes = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const accounts = accountsOf.get(verdict.case);
    if (accounts === undefined || !holds(verdict, at)) continue;
    const shape = JSON.stringify([verdict.facet.action, accounts]);
    shapes.set(shape, [...(shapes.get(shape) ?? []), verdict]);
  }
  return [...shapes]
    .map(([shape, same]): ProposedRule => {
      const [action, accounts] = JSON.parse(shape) as [string, string[]];
      return { action, accounts, cases: distinct(same, (it) => it.case), actors: distinct(same, (it) => it.actor) };
    })
    .filter((rule) => rule.cases.length >= alike)
    .sort((a, b) => b.cases.length - a.cases.length || (a.action < b.action ? -1 : 1));
}

const holds = ({ facet, verdict, at: since, until }: Verdict, at: Instant): boolean =>
  verdict === 'expected' &&
  facet.kind === 'action' &&
  facet.action !== undefined &&
  since <= at &&
  (until === null || until > at);

const distinct = <T>(verdicts: readonly Verdict[], of: (verdict: Verdict) => T): readonly T[] =>
  [...new Set(verdicts.map(of))].sort();
