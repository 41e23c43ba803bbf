import { canonicalHash } from '../audit/canonical.ts';
import type { ChangeId, ChangeKind } from './change.ts';

/**
 * The same wish is the same change, however often it is delivered. Short enough for a role session's source identity,
 * which takes 2 to 64 characters.
 */
export const changeIdOf = (kind: ChangeKind, wish: readonly string[]): ChangeId =>
  `chg-${canonicalHash([kind, ...wish]).slice(0, 24)}` as ChangeId;
