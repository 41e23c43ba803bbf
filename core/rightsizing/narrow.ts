import { actionNumbers } from '../access/compiled/action-numbers.ts';
import { isExact, matchesAction } from '../policy/match.ts';
import { isDangerous } from './danger.ts';
import { actionsOfPattern } from './pattern-actions.ts';
import { wildcardsOver } from './wildcards.ts';

/** Why an action stays, or a policy as a whole. */
export type Kept =
  | 'used'
  | 'probed'
  | 'open-case'
  | 'unobservable'
  | 'unknown-action'
  | 'unmapped-use'
  | 'paired'
  | 'also-granted'
  | 'no-room'
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

/**
 * `coarse`, where the quotas leave no room for long lists: a service stays under its old wildcard unless something
 * dangerous goes or what stays of it is said in a few words.
 */
export type Detail = 'fine' | 'coarse';

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
export function narrow(patterns: readonly string[], why: WhyKept, detail: Detail): Narrowed {
  const parts = patterns.map((pattern) => narrowPattern(pattern, why, detail));
  const left = [...new Set(parts.flatMap((part) => part.map(({ action }) => action)))];
  return { patterns: left, kept: distinctKept(parts.flat()) };
}

function narrowPattern(pattern: string, why: WhyKept, detail: Detail): KeptAction[] {
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
  if (all.every((each) => each.why !== undefined)) return wholly(pattern, all);
  return [...byService].flatMap(([service, judged]) => narrowService(pattern, service, judged, detail));
}

interface Judged {
  name: string;
  why: Kept | undefined;
}

/** Patterns of one service that are a few words. */
const few = 5;

/** What stays of one service under a pattern. */
function narrowService(pattern: string, service: string, judged: readonly Judged[], detail: Detail): KeptAction[] {
  const staying = judged.filter((each): each is Judged & { why: Kept } => each.why !== undefined);
  if (staying.length === 0) return [];
  const within = pattern === '*' ? '*' : pattern.slice(pattern.indexOf(':') + 1);
  if (staying.length === judged.length) return wholly(`${service}:${within}`, staying);
  const going = judged.filter((each) => each.why === undefined).map(({ name }) => name);
  const kept = written(service, staying, going, within);
  const isWorthIt = kept.length <= few || going.some((name) => isDangerous(`${service}:${name}`));
  return detail === 'fine' || isWorthIt ? kept : [{ action: `${service}:${within}`, why: 'no-room' }];
}

/** What was used is named; what is unobservable stays under wildcards that cover nothing that goes. */
function written(
  service: string,
  staying: readonly (Judged & { why: Kept })[],
  going: readonly string[],
  within: string,
): KeptAction[] {
  const unseen = staying.filter((each) => each.why === 'unobservable').map(({ name }) => name);
  const wild = wildcardsOver(unseen, going.map((name) => name.toLowerCase()).sort(), within);
  const exact = staying.filter(({ name }) => !wild.some((each) => matchesAction(each, name)));
  return [
    ...exact.map(({ name, why }) => ({ action: `${service}:${name}`, why })),
    ...wild.map((name) => ({ action: `${service}:${name}`, why: 'unobservable' as const })),
  ].sort((a, b) => (a.action < b.action ? -1 : 1));
}

/** A pattern of which nothing goes, with every reason that some of it has. */
const wholly = (action: string, judged: readonly Judged[]): KeptAction[] =>
  [...new Set(judged.flatMap(({ why }) => why ?? []))].map((why) => ({ action, why }));

/** Each once, in the order of bytes. */
export function distinctKept(left: readonly KeptAction[]): KeptAction[] {
  const byText = new Map(left.map(({ action, why }) => [`${action} ${why}`, { action, why }]));
  return [...byText.keys()].sort().map((text) => byText.get(text) as KeptAction);
}
