import type { Result } from '../core/result.ts';

/**
 * Work that a switch holds half way is not done: the queue delivers it again, and in the end it waits in the dead
 * letters, from where it is put back once the switch is turned.
 */
export const unlessHeld =
  <T, E>(work: (id: string) => Promise<Result<T, E>>) =>
  async (id: string): Promise<void> => {
    const done = await work(id);
    if (!done.ok && done.error === 'held') throw new Error(`change ${id} is held half way by a switch`);
  };
