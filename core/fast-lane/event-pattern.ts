import { objectOf } from '../untrusted.ts';

/** One filter of a field, as EventBridge writes it; the few forms that our rules use. */
export type Filter =
  | string
  | boolean
  | { prefix: string }
  | { exists: boolean }
  /** Matches where the field is there and is none of these. */
  | { 'anything-but': string | readonly string[] };

/** Fields that must all match, each one of its filters; of the patterns under `$or` one must match besides. */
export interface Fields {
  readonly [field: string]: readonly Filter[] | Fields | readonly Fields[];
}

/** An event pattern of EventBridge. */
export type EventPattern = Fields & { source: readonly Filter[]; 'detail-type': readonly string[] };

type Matcher = (value: unknown) => boolean;

/**
 * Says of an event whether EventBridge would let it pass. Every field of a pattern must match; one that is missing in the
 * event matches `exists: false` alone.
 */
export function matcherOf(pattern: Fields): Matcher {
  const fields = Object.entries(pattern).map(([name, wanted]): Matcher => {
    if (name === '$or') return oneOf((wanted as readonly Fields[]).map(matcherOf));
    const matches = Array.isArray(wanted) ? valueMatcher(wanted) : matcherOf(wanted as Fields);
    return (event) => matches(objectOf(event)?.[name]);
  });
  return (event) => fields.every((matches) => matches(event));
}

const oneOf =
  (matchers: readonly Matcher[]): Matcher =>
  (value) =>
    matchers.some((matches) => matches(value));

/** Of a list in the event, one value must pass. An object or an empty list is no value at all. */
function valueMatcher(filters: readonly Filter[]): Matcher {
  const exactly = new Set<unknown>(filters.filter((filter) => typeof filter !== 'object'));
  const others = filters.filter((filter) => typeof filter === 'object');
  return (value) => {
    const values = (Array.isArray(value) ? value : [value]).filter(isValue);
    return values.some((each) => exactly.has(each)) || others.some((filter) => passes(filter, values));
  };
}

const isValue = (value: unknown): boolean => value !== undefined && (value === null || typeof value !== 'object');

function passes(filter: Exclude<Filter, string | boolean>, values: readonly unknown[]): boolean {
  if ('exists' in filter) return values.length > 0 === filter.exists;
  if ('prefix' in filter) return values.some((value) => typeof value === 'string' && value.startsWith(filter.prefix));
  const excluded = [filter['anything-but']].flat();
  return values.some((value) => !excluded.some((each) => each === value));
}
