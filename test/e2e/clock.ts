import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Instant, instantAt, secondsOf } from '../../core/time.ts';

type Clocked = { folder: string };

/** Seconds. */
export const ahead = ({ folder }: Clocked): number => Number(readFileSync(join(folder, 'clock'), 'utf8'));

/** What the functions and the schedules take for now. */
export const now = (world: Clocked): Instant => instantAt(Math.floor(Date.now() / 1000) + ahead(world));

/** Puts the clock of the functions and the schedules forward. */
export const advance = (world: Clocked, seconds: number): void =>
  writeFileSync(join(world.folder, 'clock'), String(ahead(world) + seconds));

/** Sets the clock of the functions and the schedules; without a time, to the real one. */
export const setClock = ({ folder }: Clocked, at?: Instant): void =>
  writeFileSync(join(folder, 'clock'), String(at === undefined ? 0 : secondsOf(at) - Math.floor(Date.now() / 1000)));
