import { tellHistories } from '../usecases/lease-histories.ts';
import { reachWords } from '../usecases/lease-reach.ts';

/** `LEASTWISE_RUNS` and `LEASTWISE_SEED` choose how many and which, `LEASTWISE_PROCESSES` how many are told side by side. */
const runs = Number(process.env.LEASTWISE_RUNS ?? 100_000);
const seed = Number(process.env.LEASTWISE_SEED ?? 1);
const processes = Number(process.env.LEASTWISE_PROCESSES ?? 1);
const slice = 2500;

test(`P1 to P12 hold in ${runs} histories of seed ${seed}`, async () => {
  const starts = Array.from({ length: Math.ceil(runs / slice) }, (_, n) => n * slice);
  const violated: string[] = [];
  const reached = new Map<string, number>();
  const work = async () => {
    for (let start = starts.shift(); start !== undefined && violated.length === 0; start = starts.shift()) {
      const from = seed + start;
      const told = await tellHistories(Math.min(slice, runs - start), from);
      for (const [law, { run, words }] of told.violated) violated.push(`${law}, history ${from + run}: ${words}`);
      for (const [what, times] of told.reached) reached.set(what, (reached.get(what) ?? 0) + times);
      process.stderr.write(`histories ${from} to ${from + told.runs - 1}: ${told.violated.size} laws violated\n`);
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  process.stderr.write(`${runs} histories of seed ${seed} reached\n${reachWords(reached)}\n`);
  expect(violated).toEqual([]);
}, 14_400_000);
