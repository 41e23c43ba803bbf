import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './lease-laws.ts';
import type { Law } from './lease-watchers.ts';

/**
 * Tells so many histories of that seed in a process of its own: without jest's sandbox they take two thirds of the time.
 * `only`: stops at the first that violates this law.
 */
export async function tellHistories(runs: number, seed: number, only?: Law): Promise<Outcome> {
  const file = fileURLToPath(new URL('run-histories.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, String(runs), String(seed), only ?? ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`telling ${runs} histories of seed ${seed} ended with ${code}`);
  const { violated, reached, ...rest } = JSON.parse(text) as Told;
  return { ...rest, violated: new Map(violated), reached: new Map(reached) };
}

/** An outcome as JSON holds it. */
type Told = Pick<Outcome, 'seed' | 'runs'> & {
  violated: [Law, { run: number; words: string }][];
  reached: [string, number][];
};
