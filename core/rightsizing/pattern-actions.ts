import { actionNumbers } from '../access/compiled/action-numbers.ts';
import { isExact, matchesAction } from '../policy/match.ts';

/** Numbers of the catalogue's actions (action-numbers.ts), ascending. */
export type ActionList = Uint16Array;

const known = new Map<string, ActionList>();

/** The catalogue's actions that an action pattern of a policy covers; kept, since policies repeat their patterns. */
export function actionsOfPattern(pattern: string): ActionList {
  const earlier = known.get(pattern);
  if (earlier) return earlier;
  const found = find(pattern.toLowerCase());
  known.set(pattern, found);
  return found;
}

function find(pattern: string): ActionList {
  const { byName, lower, services } = actionNumbers();
  if (isExact(pattern)) {
    const number = byName.get(pattern);
    return Uint16Array.from(number === undefined ? [] : [number]);
  }
  const service = pattern.slice(0, pattern.indexOf(':'));
  const [from, to] = isExact(service) && service !== '' ? (services.get(service) ?? [0, 0]) : [0, lower.length];
  const everything = pattern === '*' || pattern === `${service}:*`;
  const isWhole = everything && (pattern === '*' || isExact(service));
  const numbers = Array.from({ length: to - from }, (_, at) => from + at);
  return Uint16Array.from(isWhole ? numbers : numbers.filter((n) => matchesAction(pattern, lower[n] as string)));
}
