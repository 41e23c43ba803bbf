import { runHistories } from './lease-laws.ts';
import type { Law } from './lease-watchers.ts';

// The process that `tellHistories` starts: RUNS SEED LAW, JSON to stdout.
const [, , runs, seed, only] = process.argv;
const { violated, reached, ...rest } = await runHistories(Number(runs), Number(seed), (only || undefined) as Law);
process.stdout.write(JSON.stringify({ ...rest, violated: [...violated], reached: [...reached] }));
