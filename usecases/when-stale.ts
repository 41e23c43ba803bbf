import { Stale } from './ports/aggregate-store.ts';

/** Does it again, from reading on, when somebody else changed the aggregate in between; gives up after some rounds. */
export async function whenStale<T>(attempt: () => Promise<T>, rounds = 5): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await attempt();
    } catch (fault) {
      if (!(fault instanceof Stale) || round >= rounds) throw fault;
    }
  }
}
