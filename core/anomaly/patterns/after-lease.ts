import { names } from '../facts.ts';
import type { Pattern } from './pattern.ts';

/** Trying a little longer is human; what works after the end is not what was lent. */
const tried = 0.4;

/** Access was lent and has ended, and the same is tried again, or done. */
export const afterLease: Pattern = {
  kind: 'after-lease',
  tactic: 'persistence',
  sees({ kind, action }, { use }, { facts }) {
    if (kind !== 'first-use' && kind !== 'denied' && kind !== 'returned') return undefined;
    const ended = facts.lent.filter(({ actions }) => names(actions, action));
    const isLent = ended.some(({ endedAt }) => endedAt > use.time);
    const last = ended.filter(({ endedAt }) => endedAt <= use.time).sort((a, b) => (a.endedAt < b.endedAt ? 1 : -1))[0];
    if (last === undefined || isLent) return undefined;
    return {
      share: kind === 'denied' ? tried : 1,
      words: `${kind === 'denied' ? 'tried' : 'used'} ${action} after the access lent until ${last.endedAt} had ended (${last.change})`,
    };
  },
};
