import { canonicalHash } from '../audit/canonical.ts';
import type { Case } from './case.ts';

/**
 * Digest of what an answer to the case covers. "Expected" holds for the facets that were shown: when the case has grown
 * since, the digest differs and the answer must be given again.
 */
export const answerDigest = (shown: Pick<Case, 'id' | 'first' | 'principals'>): string =>
  canonicalHash({
    id: shown.id,
    first: shown.first.map(({ kind, action, value }) => ({ kind, action, value })),
    principals: shown.principals,
  });
