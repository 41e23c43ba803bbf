/** What is known of a request's context. Keys are in lower case. */
export interface Facts {
  isKnown(this: void, key: string): boolean;
  /** The key's values; none where it is absent. Only for known keys. */
  valuesOf(this: void, key: string): readonly string[];
}
