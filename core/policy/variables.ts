/** A piece of a pattern: text, `*`, `?`, or a variable that a context key fills. */
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'any' }
  | { kind: 'one' }
  | { kind: 'variable'; key: string; fallback: string | null };

/** A resource pattern or a condition's value, taken apart. Joined texts never stand side by side. */
export type Pattern = readonly Piece[];
