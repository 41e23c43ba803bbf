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
  const wanted = name.toLowerCase();
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === wanted);
  return key === undefined ? undefined : object[key];
}

/** The text of a member, undefined where it is none. */
export function textOf(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' ? found : undefined;
}

/** Whether a member says true, as JSON or as text. */
export function isTrue(value: unknown, name: string): boolean {
  const found = member(value, name);
  return found === true || found === 'true';
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

/** Every value inside, the value itself first. */
export function* valuesIn(value: unknown, depth = 0): Generator<unknown> {
  yield value;
  if (typeof value !== 'object' || value === null || depth === deepest) return;
  for (const inner of Object.values(value)) yield* valuesIn(inner, depth + 1);
}
