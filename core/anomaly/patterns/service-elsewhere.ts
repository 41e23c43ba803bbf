import { isPublic } from './networks.ts';
import type { Pattern } from './pattern.ts';

/** Bits that a network must be worth: about seventeen days from one network, or thirty from two. */
const leastBits = 4;

/**
 * An identity that works without a person (it never signed in, showed a second factor or came from an identity
 * provider) and always came from the same place is somewhere else: its key may be.
 */
export const serviceElsewhere: Pattern = {
  kind: 'service-elsewhere',
  tactic: null,
  sees({ kind, facet }, _moment, { start, habits }) {
    if (kind !== 'new-network' || !isPublic(facet.value ?? '')) return undefined;
    if (!habits.worksAlone(start) || habits.networkBits(start) < leastBits) return undefined;
    return { share: 1, words: 'works without a person, and never from elsewhere before' };
  },
};
