import { createHash } from 'node:crypto';

export interface Key {
  pk: string;
  sk: string;
}

/**
 * Joins parts to a key in which no two lists of parts meet: `|` separates, `%` escapes, null is empty. A part longer
 * than its share, [part, share], becomes its hash, since keys are limited (2,048 bytes pk, 1,024 sk).
 */
export const keyOf = (...parts: readonly (readonly [part: string | null, share: number])[]): string =>
  parts.map(([part, share]) => escaped(part, share)).join('|');

function escaped(part: string | null, share: number): string {
  if (part === null) return '';
  if (part === '') return '%0';
  const text = part.replace(/[%|]/g, (character) => (character === '%' ? '%25' : '%7C'));
  return Buffer.byteLength(text) <= share ? text : `%#${createHash('sha256').update(part).digest('hex')}`;
}

/** One of sixteen shards, by hash. */
export const shardOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 1);

export const shards: readonly string[] = [...'0123456789abcdef'];
