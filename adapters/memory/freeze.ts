/** What a memory store keeps and hands out: a copy that nobody can change, so that callers share no state through it. */
export const keep = <T>(value: T): T => freeze(structuredClone(value));

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) freezeMap(value);
  else for (const part of Object.values(value)) freeze(part);
  // A typed array cannot be frozen; the clone alone protects it.
  return ArrayBuffer.isView(value) ? value : Object.freeze(value);
}

function freezeMap(map: Map<unknown, unknown>): void {
  for (const [key, part] of map) {
    freeze(key);
    freeze(part);
  }
  // Object.freeze leaves a map's entries open. Own methods keep the prototype, so that deep equality still holds.
  for (const method of ['set', 'delete', 'clear']) Object.defineProperty(map, method, { value: refuse });
}

function refuse(): never {
  throw new TypeError('this map belongs to a store and cannot be changed');
}
