/** CloudTrail cuts fields so that a record stays below 256 KB; four times that is no record of CloudTrail's. */
export const largestRecord = 1_048_576;

/**
 * Whether the value's JSON is longer than `limit` characters, counted roughly and without writing it: stops as soon
 * as the answer is known.
 */
export const isLargerThan = (value: unknown, limit: number): boolean => left(value, limit) < 0;

function left(value: unknown, budget: number): number {
  if (typeof value === 'string') return budget - value.length - 2;
  if (typeof value !== 'object' || value === null) return budget - 4;
  if (Array.isArray(value)) {
    let rest = budget - 2;
    for (let i = 0; i < value.length && rest >= 0; i++) rest = left(value[i], rest - 1);
    return rest;
  }
  let rest = budget - 2;
  for (const key in value) {
    if (rest < 0) break;
    rest = left((value as Record<string, unknown>)[key], rest - key.length - 4);
  }
  return rest;
}
