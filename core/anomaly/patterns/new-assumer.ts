import { secondsOf } from '../../time.ts';
import type { Pattern } from './pattern.ts';

/** A role that more people than this assume is everybody's. */
const fewest = 3;
const settledDays = 14;

/** A role that for weeks was assumed by the same one, two or three is assumed by somebody else. */
export const newAssumer: Pattern = {
  kind: 'new-assumer',
  tactic: 'privilege-escalation',
  sees({ kind, facet }, { use }, { actor, facts }) {
    if (kind !== 'new-assumed-role') return undefined;
    const others = (facts.assumers.get(facet.value ?? '') ?? []).filter(
      (each) => each.actor !== actor && each.first < use.time,
    );
    const since = others.map(({ first }) => first).sort()[0];
    if (since === undefined || others.length > fewest) return undefined;
    const days = Math.floor((secondsOf(use.time) - secondsOf(since)) / 86_400);
    if (days < settledDays) return undefined;
    const who = others.length === 1 ? 'one other identity' : `${others.length} other identities`;
    return { share: 1, words: `assumed a role that only ${who} had assumed in ${days} days (${facet.value})` };
  },
};
