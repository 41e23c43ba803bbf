import { names } from '../facts.ts';
import type { Pattern } from './pattern.ts';

/** A permission that was taken away because nobody used it works again: somebody gave it back, by another way. */
export const regrowth: Pattern = {
  kind: 'regrowth',
  tactic: 'privilege-escalation',
  sees({ kind, action }, { use }, { facts }) {
    if (kind !== 'first-use' && kind !== 'returned') return undefined;
    const taken = facts.removed.find(({ actions, at }) => at < use.time && names(actions, action));
    if (taken === undefined) return undefined;
    return {
      share: 1,
      words: `used ${action}, which was taken away on ${taken.at.slice(0, 10)} and is back (${taken.change})`,
    };
  },
};
