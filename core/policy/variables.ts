import type { PolicyDocument } from './statement.ts';

/** A piece of a pattern: text, `*`, `?`, or a variable that a context key fills. */
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'any' }
  | { kind: 'one' }
  | { kind: 'variable'; key: string; fallback: string | null };

/** A resource pattern or a condition's value, taken apart. Joined texts never stand side by side. */
export type Pattern = readonly Piece[];

/** A pattern whose variables are filled. */
export type Filled = readonly Exclude<Piece, { kind: 'variable' }>[];

const token = /\$\{([^{}]*)\}|[*?]|\$(?!\{[^{}]*\})|[^*?$]+/g;
const variable = /^([^',\s](?:[^',]*[^',\s])?)\s*(?:,\s*'([^']*)'\s*)?$/;

/**
 * Takes a text of a policy apart. Variables and the escapes `${*}`, `${?}`, `${$}` exist since version 2012-10-17;
 * before, they are plain text (with their wildcards). Undefined where a variable is not well formed.
 */
export function parsePattern(text: string, version: PolicyDocument['version']): Pattern | undefined {
  if (version !== '2012-10-17' || !text.includes('${')) return parseWildcards(text);
  const pieces: Piece[] = [];
  for (const { 0: whole, 1: inner, index } of text.matchAll(token)) {
    if (inner === undefined) {
      if (whole === '$' && text[index + 1] === '{') return undefined;
      add(pieces, wildcardOr(whole));
    } else if (inner === '*' || inner === '?' || inner === '$') {
      add(pieces, { kind: 'text', text: inner });
    } else {
      const parts = variable.exec(inner);
      if (!parts?.[1]) return undefined;
      pieces.push({ kind: 'variable', key: parts[1].toLowerCase(), fallback: parts[2] ?? null });
    }
  }
  return pieces;
}

/** The keys, in lower case, that a pattern's variables need. */
export const variablesIn = (pattern: Pattern): string[] =>
  pattern.flatMap((piece) => (piece.kind === 'variable' ? [piece.key] : []));

/**
 * Puts values in the variables' places. What a value holds is text, wildcards too. Undefined where a key has no value
 * and the variable no default: such a pattern matches nothing.
 */
export function fill(pattern: Pattern, lookUp: (key: string) => string | undefined): Filled | undefined {
  const pieces: Exclude<Piece, { kind: 'variable' }>[] = [];
  for (const piece of pattern) {
    if (piece.kind !== 'variable') {
      add(pieces, piece);
      continue;
    }
    const text = lookUp(piece.key) ?? piece.fallback;
    if (text === null) return undefined;
    add(pieces, { kind: 'text', text });
  }
  return pieces;
}

/** The text of a pattern for operators that know no wildcards. */
export const literalOf = (pattern: Filled): string =>
  pattern.map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'any' ? '*' : '?')).join('');

function parseWildcards(text: string): Filled {
  const pieces: Exclude<Piece, { kind: 'variable' }>[] = [];
  for (const [whole] of text.matchAll(/[*?]|[^*?]+/g)) add(pieces, wildcardOr(whole));
  return pieces;
}

function wildcardOr(text: string): Exclude<Piece, { kind: 'variable' }> {
  if (text === '*') return { kind: 'any' };
  return text === '?' ? { kind: 'one' } : { kind: 'text', text };
}

function add<P extends Piece>(pieces: P[], piece: P): void {
  const last = pieces.at(-1);
  if (piece.kind === 'text' && piece.text === '') return;
  if (piece.kind === 'any' && last?.kind === 'any') return;
  if (piece.kind === 'text' && last?.kind === 'text') last.text += piece.text;
  else pieces.push({ ...piece });
}
