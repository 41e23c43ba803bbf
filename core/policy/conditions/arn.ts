import { matchesPattern } from '../match.ts';
import type { Filled, Piece } from '../variables.ts';
import type { Comparison } from './comparison.ts';

/**
 * The six parts of an ARN pattern, each matched by itself: a wildcard does not cross a colon, but in the last part,
 * which takes whatever is left. A pattern that ends early with `*` leaves the parts behind it open.
 */
export function arnParts(pattern: Filled): Filled[] {
  const parts: Filled[number][][] = [[]];
  for (const piece of pattern) {
    if (piece.kind !== 'text') {
      parts.at(-1)?.push(piece);
      continue;
    }
    const texts = piece.text.split(':');
    const room = 6 - parts.length;
    const split = [...texts.slice(0, room), ...(texts.length > room ? [texts.slice(room).join(':')] : [])];
    for (const [index, text] of split.entries()) {
      if (index > 0) parts.push([]);
      if (text !== '') parts.at(-1)?.push({ kind: 'text', text });
    }
  }
  while (parts.length < 6 && parts.at(-1)?.at(-1)?.kind === 'any') parts.push([anything]);
  return parts;
}

const anything: Exclude<Piece, { kind: 'variable' }> = { kind: 'any' };

function meets(actual: string, wanted: Filled): boolean {
  const parts = actual.split(':');
  const six = [...parts.slice(0, 5), parts.slice(5).join(':')];
  const patterns = arnParts(wanted);
  return (
    parts.length >= 6 &&
    patterns.length === 6 &&
    patterns.every((pattern, index) => matchesPattern(pattern, six[index] ?? ''))
  );
}

const accepts = (value: string): boolean => value.startsWith('arn:') || /[*?$]/.test(value);

/** ARNs part by part. Equals and Like do the same. */
export const arnComparisons = {
  ArnEquals: { negated: false, accepts, meets },
  ArnLike: { negated: false, accepts, meets },
  ArnNotEquals: { negated: true, accepts, meets },
  ArnNotLike: { negated: true, accepts, meets },
} satisfies Record<string, Comparison>;
