import { createHmac } from 'node:crypto';

/** Orders the values of a bounded set, so that nobody who lacks the key can choose values that stay (ADR-0001). */
export type Rank = (value: string) => string;

/** Values kept of a set. */
export const bound = 64;

/** Without a deployment there is nobody to grind values against us; equal input must give equal bytes everywhere. */
export const offlineKey = 'leastwise-offline';

const remembered = 20_000;

/** Ranks by HMAC-SHA-256 under the key of the deployment. */
export function rankBy(key: string): Rank {
  const known = new Map<string, string>();
  return (value) => {
    const cached = known.get(value);
    if (cached !== undefined) return cached;
    const rank = createHmac('sha256', key).update(value, 'utf8').digest('hex').slice(0, 32);
    if (known.size >= remembered) known.clear();
    known.set(value, rank);
    return rank;
  };
}

/** The value of the greatest rank: the next to go. Equal ranks go by the value. */
export function worstOf(values: Iterable<string>, rank: Rank): string {
  let worst: string | undefined;
  for (const value of values) if (worst === undefined || isWorse(value, worst, rank)) worst = value;
  if (worst === undefined) throw new RangeError('an empty set has no worst value');
  return worst;
}

export function isWorse(a: string, b: string, rank: Rank): boolean {
  const [ra, rb] = [rank(a), rank(b)];
  return ra === rb ? a > b : ra > rb;
}

/** The values that stay: all where they are few, else those of the least ranks. */
export function keep(values: readonly string[], rank: Rank): readonly string[] {
  if (values.length <= bound) return values;
  return [...values].sort((a, b) => (a === b ? 0 : isWorse(a, b, rank) ? 1 : -1)).slice(0, bound);
}
