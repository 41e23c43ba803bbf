/** Tells subscribers, in order of writing, what a table's stream would deliver. */
export interface Feed<T> {
  /** Listeners run inside the write and must only take note, e.g. send to a queue. Resolves to "stop listening". */
  subscribe(listener: (record: T) => void): () => void;
}

/** A feed and the function that writes to it. */
export function memoryFeed<T>(): Feed<T> & { emit(record: T): void } {
  const listeners = new Set<(record: T) => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(record) {
      for (const listener of listeners) listener(record);
    },
  };
}
