import { actionNumbers } from '../access/compiled/action-numbers.ts';
import { isExact, matchesAction } from '../policy/match.ts';
import { actionsOfPattern } from './pattern-actions.ts';

/** Why an action stays, or a policy as a whole. */
export type Kept =
  | 'used'
  | 'probed'
  | 'open-case'
  | 'unobservable'
  | 'unknown-action'
  | 'unmapped-use'
  | 'also-granted'
  | 'not-exact'
  | 'shared'
  | 'would-be-empty'
  | 'invalid-policy'
  | 'aws-managed';

export interface KeptAction {
  /** An action or a pattern of actions; for a whole policy its name. */
  action: string;
  why: Kept;
}

/** undefined: the action may go. */
export type WhyKept = (action: string) => Kept | undefined;

interface Narrowed {
  /** What is left of the statement's action patterns; empty: nothing. Every one lies inside one of those before. */
  patterns: readonly string[];
  kept: readonly KeptAction[];
}

/**
 * Takes the removable actions out of a statement's action patterns. A pattern of which nothing goes stays as written. Of
 * the others, what was used is named exactly, and what cannot be observed stays under wildcards inside the old one:
 * AWS adds actions every week, and whoever was granted them by a wildcard may use them unseen.
 */
export function narrow(patterns: readonly string[], why: WhyKept): Narrowed {
  const parts = patterns.map((pattern) => narrowPattern(pattern, why));
  const left = [...new Set(parts.flatMap((part) => part.map(({ action }) => action)))];
  return { patterns: left, kept: distinctKept(parts.flat()) };
}

function narrowPattern(pattern: string, why: WhyKept): KeptAction[] {
  const { names } = actionNumbers();
  const numbers = actionsOfPattern(pattern);
  if (numbers.length === 0) return [{ action: pattern, why: why(pattern) ?? 'unknown-action' }];
  if (isExact(pattern)) {
    const reason = why(pattern);
    return reason === undefined ? [] : [{ action: pattern, why: reason }];
  }
  const byService = new Map<string, Judged[]>();
  for (const number of numbers) {
    const action = names[number] as string;
    const service = action.slice(0, action.indexOf(':'));
    const judged = byService.get(service) ?? [];
    judged.push({ name: action.slice(service.length + 1), why: why(action) });
    byService.set(service, judged);
  }
  const all = [...byService.values()].flat();
  if (all.every((each) => each.why !== undefined)) return [{ action: pattern, why: mainReason(all) }];
  return [...byService].flatMap(([service, judged]) => narrowService(pattern, service, judged));
}

interface Judged {
  name: string;
  why: Kept | undefined;
}

/** What stays of one service under a pattern. */
function narrowService(pattern: string, service: string, judged: readonly Judged[]): KeptAction[] {
  const staying = judged.filter((each): each is Judged & { why: Kept } => each.why !== undefined);
  if (staying.length === 0) return [];
  const within = pattern === '*' ? '*' : pattern.slice(pattern.indexOf(':') + 1);
  if (staying.length === judged.length) return [{ action: `${service}:${within}`, why: mainReason(staying) }];
  const going = judged
    .filter((each) => each.why === undefined)
    .map(({ name }) => name.toLowerCase())
    .sort();
  const unseen = staying.filter((each) => each.why === 'unobservable').map(({ name }) => name);
  const wild = wildcardsOver(unseen, going, within);
  const isCovered = (name: string) => wild.some((each) => matchesAction(each, name));
  const exact = staying.filter(({ name }) => !isCovered(name));
  return [
    ...exact.map(({ name, why }) => ({ action: `${service}:${name}`, why })),
    ...wild.map((name) => ({ action: `${service}:${name}`, why: 'unobservable' as const })),
  ].sort((a, b) => (a.action < b.action ? -1 : 1));
}

/**
 * The shortest `Prefix*` at a word's end, inside the old pattern, that covers two or more of the names and none that
 * goes. A name for which there is none is not covered.
 */
function wildcardsOver(unseen: readonly string[], going: readonly string[], within: string): string[] {
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

/** The reason that says most: use before everything else. */
function mainReason(judged: readonly Judged[]): Kept {
  const reasons = judged.flatMap(({ why }) => why ?? []);
  return reasons.find((reason) => reason === 'used') ?? (reasons[0] as Kept);
}

/** Each once, in the order of bytes. */
export function distinctKept(left: readonly KeptAction[]): KeptAction[] {
  const byText = new Map(left.map(({ action, why }) => [`${action} ${why}`, { action, why }]));
  return [...byText.keys()].sort().map((text) => byText.get(text) as KeptAction);
}
