/** A JSON object, or undefined for anything else. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Readonly<Record<string, unknown>>;
}

/** The member of an object, whatever its case: CloudTrail writes one parameter in several ways. */
export function member(value: unknown, name: string): unknown {
  const object = asObject(value);
  if (object === undefined) return undefined;
  if (name in object) return object[name];
  for (const key in object) {
    if (key.length === name.length && key.toLowerCase() === name.toLowerCase()) return object[key];
  }
  return undefined;
}

/** The text of a member, undefined where it is none. */
export function textOf(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' ? found : undefined;
}

/** Whether a member is there and says false, as JSON or as text. */
export function isFalse(value: unknown, name: string): boolean {
  const found = member(value, name);
  return found === false || found === 'false';
}

/** The list itself, a single value as a list of one, nothing as the empty list. */
export const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** Parameters are anything: whoever nests them deeper than AWS does is not followed. */
const deepest = 12;

/** Whether the value, or one inside it, is of that kind. */
export function someValue(value: unknown, test: (inner: unknown) => boolean, depth = 0): boolean {
  if (test(value)) return true;
  if (typeof value !== 'object' || value === null || depth === deepest) return false;
  if (Array.isArray(value)) return value.some((inner) => someValue(inner, test, depth + 1));
  // Every event that changes something comes by here: no lists are made for it.
  for (const key in value) if (someValue((value as Record<string, unknown>)[key], test, depth + 1)) return true;
  return false;
}
