import type { PrincipalRecord } from '../identity/inventory.ts';
import { coversAction } from '../policy/match.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { ContextValue, Request } from './situation.ts';

const prefix = 'aws:principaltag/';

/**
 * Whether a role's sessions may bring tags of their own, which stand above the role's: where its trust lets somebody
 * tag them, or cannot be read. Source: IAM User Guide, "Pass session tags in AWS STS": a session tag overrides the role's
 * tag of the same key, and passing one needs sts:TagSession in the trust policy.
 */
export function taggability(): (record: PrincipalRecord | undefined) => boolean {
  const known = new Map<string, boolean>();
  return (record) => {
    if (record?.type !== 'role') return false;
    const trust = record.trust ?? '';
    const earlier = known.get(trust);
    if (earlier !== undefined) return earlier;
    const may = letsTag(trust);
    known.set(trust, may);
    return may;
  };
}

function letsTag(trust: string): boolean {
  const document = parsePolicy(trust, 'trust');
  if (!document.ok) return true;
  return document.value.statements.some(
    (statement) => statement.effect === 'Allow' && coversAction(statement, 'sts:TagSession'),
  );
}

/** Whether a tag that a role is known to have may be another in its sessions, as far as the request leaves it open. */
export const mayBeRetagged = (key: string, unknown: Request['unknown']): boolean =>
  key.startsWith(prefix) && (unknown === 'all' || unknown.has(key));

/** What is known of a role without what its sessions may say otherwise. */
export const withoutTags = <T extends readonly [key: string, value: ContextValue]>(
  known: Iterable<T>,
  unknown: Request['unknown'],
): T[] => [...known].filter(([key]) => !mayBeRetagged(key, unknown));
