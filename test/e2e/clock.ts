import { type Instant, instantAt } from '../../core/time.ts';

/** Real time: the emulators have no other. */
export const now = (): Instant => instantAt(Math.floor(Date.now() / 1000));
