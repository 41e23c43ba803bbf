import type { Result } from '../core/result.ts';

/**
 * Work that a switch holds half way is not done: the queue delivers it again and gives up in the end; then
 * resume-changes goes on with it once the switch is turned.
 */
export const unlessHeld =
  <T, E>(work: (id: string) => Promise<Result<T, E>>) =>
  async (id: string): Promise<void> => {
    const done = await work(id);
    if (!done.ok && done.error === 'held') throw new Error(`change ${id} is held half way by a switch`);
  };
