import type { WindowRule } from '../configuration.ts';
import type { PrincipalRecord } from '../identity/inventory.ts';

/** How many days must be covered before a principal is judged: what the first rule that fits says, else `usual`. */
export function windowDaysFor(
  principal: Pick<PrincipalRecord, 'arn' | 'path' | 'tags'>,
  rules: readonly WindowRule[],
  usual: number,
): number {
  return rules.find((rule) => fits(rule, principal))?.days ?? usual;
}

function fits({ account, path, tag }: WindowRule, principal: Pick<PrincipalRecord, 'arn' | 'path' | 'tags'>): boolean {
  if (account !== undefined && principal.arn.split(':')[4] !== account) return false;
  if (path !== undefined && !principal.path.startsWith(path)) return false;
  if (tag === undefined) return true;
  const value = Object.hasOwn(principal.tags, tag.key) ? principal.tags[tag.key] : undefined;
  return value !== undefined && (tag.value === undefined || tag.value === value);
}
