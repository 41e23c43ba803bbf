/** What a warm function knows of the table. It may be stale and is never wrong: rows only grow. */
export interface Remembered<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
}

/** Keeps the `most` values that were used last. */
export function remembered<T>(most: number): Remembered<T> {
  const values = new Map<string, T>();
  const set = (key: string, value: T) => {
    // A map keeps the order of insertion: what is used goes to the end, what falls out stands in front.
    values.delete(key);
    values.set(key, value);
    if (values.size > most) values.delete(values.keys().next().value!);
  };
  return {
    set,
    get(key) {
      const value = values.get(key);
      if (value !== undefined) set(key, value);
      return value;
    },
  };
}
