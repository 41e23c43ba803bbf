import { isExact, matchesAction } from '../policy/match.ts';

/**
 * The shortest `Prefix*` at a word's end, inside the old pattern, that covers two or more of the names and none that
 * goes. A name for which there is none is not covered.
 */
export function wildcardsOver(unseen: readonly string[], going: readonly string[], within: string): string[] {
  const found: string[] = [];
  const ascending = unseen.map((name) => name.toLowerCase()).sort();
  for (const name of unseen) {
    if (found.some((pattern) => matchesAction(pattern, name))) continue;
    const prefix = prefixesOf(name).find((each) => isFree(each, ascending, going));
    if (prefix !== undefined && isInside(`${prefix}*`, within)) found.push(`${prefix}*`);
  }
  return found;
}

/** Both lists ascending, in lower case. */
function isFree(prefix: string, unseen: readonly string[], going: readonly string[]): boolean {
  const start = prefix.toLowerCase();
  if (going[placeOf(start, going)]?.startsWith(start)) return false;
  return unseen[placeOf(start, unseen) + 1]?.startsWith(start) === true;
}

/** Where the text stands or would stand in an ascending list. */
function placeOf(text: string, list: readonly string[]): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as string) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `Create`, `CreateDB`, `CreateDBCluster` of `CreateDBCluster`. */
function prefixesOf(name: string): string[] {
  const ends: string[] = [];
  for (let at = 1; at < name.length; at += 1) {
    if (/[A-Z]/.test(name[at] as string) && /[a-z0-9]/.test(name[at - 1] as string)) ends.push(name.slice(0, at));
  }
  return [...ends, name];
}

/** Whether a `Prefix*` covers nothing that the old name pattern did not. */
function isInside(prefixed: string, old: string): boolean {
  const literal = old.endsWith('*') ? old.slice(0, -1) : undefined;
  return literal !== undefined && isExact(literal) && prefixed.toLowerCase().startsWith(literal.toLowerCase());
}
