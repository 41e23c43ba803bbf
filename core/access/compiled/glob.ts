import type { Filled } from '../../policy/variables.ts';

/** A pattern as the pieces between its `*`: the first stands at the start, the last at the end, the others in between. */
export interface Glob {
  readonly chunks: readonly Chunk[];
}

/** Text of a fixed length, `?` in it. */
interface Chunk {
  /** null where there is a `?`. */
  readonly text: string | null;
  readonly pieces: Filled;
  readonly length: number;
}

export function globOf(pattern: Filled): Glob {
  const chunks: Chunk[] = [];
  let pieces: Filled[number][] = [];
  for (const piece of pattern) {
    if (piece.kind === 'any') {
      chunks.push(chunkOf(pieces));
      pieces = [];
    } else {
      pieces.push(piece);
    }
  }
  return { chunks: [...chunks, chunkOf(pieces)] };
}

/**
 * Each chunk is taken where it stands first: what is left for the others is never less. So at most pattern × text
 * steps, whatever the pattern.
 */
export function matchesGlob({ chunks }: Glob, text: string): boolean {
  const first = chunks[0]!;
  if (chunks.length === 1) return text.length === first.length && standsAt(first, text, 0);
  const last = chunks[chunks.length - 1]!;
  const end = text.length - last.length;
  if (end < first.length || !standsAt(first, text, 0) || !standsAt(last, text, end)) return false;
  let at = first.length;
  for (let i = 1; i < chunks.length - 1; i++) {
    const chunk = chunks[i]!;
    const found = indexIn(chunk, text, at);
    at = found + chunk.length;
    if (found < 0 || at > end) return false;
  }
  return true;
}

function chunkOf(pieces: Filled): Chunk {
  const length = pieces.reduce((sum, piece) => sum + (piece.kind === 'text' ? piece.text.length : 1), 0);
  const [first] = pieces;
  if (pieces.length === 0) return { text: '', pieces, length };
  return { text: pieces.length === 1 && first?.kind === 'text' ? first.text : null, pieces, length };
}

function indexIn(chunk: Chunk, text: string, from: number): number {
  if (chunk.text !== null) return text.indexOf(chunk.text, from);
  for (let at = from; at + chunk.length <= text.length; at++) if (standsAt(chunk, text, at)) return at;
  return -1;
}

function standsAt({ text: literal, pieces, length }: Chunk, text: string, at: number): boolean {
  if (literal !== null) return text.startsWith(literal, at);
  if (at + length > text.length) return false;
  let place = at;
  for (const piece of pieces) {
    if (piece.kind === 'text' && !text.startsWith(piece.text, place)) return false;
    place += piece.kind === 'text' ? piece.text.length : 1;
  }
  return true;
}
