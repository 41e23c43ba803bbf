import type { Backoff } from './client.ts';

const attempts = 12;

/** Wanted by an attempt that another writer or a throttle got in the way of. */
export const again = Symbol('again');

/**
 * Runs `attempt` until it gives something else than `again`, at most twelve times, waiting a random time below a
 * doubling bound in between. Throws when the last attempt still wants another.
 */
export async function retrying<T>(
  backoff: Backoff,
  what: string,
  attempt: () => Promise<T | typeof again>,
): Promise<T> {
  for (let n = 0; n < attempts; n++) {
    const result = await attempt();
    if (result !== again) return result;
    await backoff.wait(Math.floor(backoff.random() * Math.min(2000, 20 * 2 ** n)));
  }
  throw new Error(`${what}: gave way ${attempts} times`);
}

/** Maps with at most `most` promises under way, keeping the order. */
export async function mapLimited<T, R>(
  values: readonly T[],
  most: number,
  map: (value: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(values.length);
  let next = 0;
  const work = async () => {
    while (next < values.length) {
      const at = next++;
      results[at] = await map(values[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, values.length) }, work));
  return results;
}
