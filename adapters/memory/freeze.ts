/** Copies that were made here: frozen through and through, so that a row's next version shares what did not change. */
const kept = new WeakSet<object>();

/** What a memory store keeps and hands out: a copy that nobody can change, so that callers share no state through it. */
export function keep<T>(value: T): T {
  return copyOf(value) as T;
}

function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || kept.has(value)) return value;
  const copy = frozenCopy(value);
  kept.add(copy);
  return copy;
}

function frozenCopy(value: object): object {
  if (Array.isArray(value)) return Object.freeze(value.map(copyOf));
  if (value instanceof Map) return frozenMap(new Map([...value].map(([key, part]) => [copyOf(key), copyOf(part)])));
  const proto: unknown = Object.getPrototypeOf(value);
  // Stores hold data; anything else (a class, a date, a buffer) would be shared without notice.
  if (proto !== null && Object.getPrototypeOf(proto) !== null) throw new TypeError('a store keeps plain values only');
  // A spread makes own properties of whatever name, `__proto__` too; writing over them keeps them own.
  const copy = { ...value } as Record<string, unknown>;
  for (const key of Object.keys(copy)) {
    const part = copy[key];
    if (typeof part === 'object' && part !== null) copy[key] = copyOf(part);
  }
  return Object.freeze(copy);
}

// Object.freeze leaves a map's entries open. Own methods keep the prototype, so that deep equality still holds.
function frozenMap<K, V>(map: Map<K, V>): Map<K, V> {
  for (const method of ['set', 'delete', 'clear']) Object.defineProperty(map, method, { value: refuse });
  return Object.freeze(map);
}

function refuse(): never {
  throw new TypeError('this map belongs to a store and cannot be changed');
}
