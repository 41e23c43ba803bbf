/** A share with its 95 % interval. */
export interface Share {
  hits: number;
  of: number;
  share: number;
  low: number;
  high: number;
}

const z = 1.959964;

/**
 * Wilson's score interval (E. B. Wilson, Journal of the American Statistical Association 22, 1927): honest for shares near 0
 * and 1, and for few trials. Without any trial nothing is known: 0 to 1.
 */
export function wilson(hits: number, of: number): Share {
  if (of === 0) return { hits, of, share: 0, low: 0, high: 1 };
  const p = hits / of;
  const scale = 1 + z ** 2 / of;
  const middle = (p + z ** 2 / (2 * of)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2));
  return { hits, of, share: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
