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
export function valuesIn(value: unknown): readonly unknown[] {
  const found: unknown[] = [];
  collect(value, found, 0);
  return found;
}

function collect(value: unknown, found: unknown[], depth: number): void {
  found.push(value);
  if (typeof value !== 'object' || value === null || depth === deepest) return;
  for (const key in value) collect((value as Record<string, unknown>)[key], found, depth + 1);
}
