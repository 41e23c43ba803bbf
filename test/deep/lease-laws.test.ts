import { runHistories } from '../usecases/lease-laws.ts';

/** `LEASTWISE_RUNS` and `LEASTWISE_SEED` choose how many and which. */
const runs = Number(process.env.LEASTWISE_RUNS ?? 100_000);
const seed = Number(process.env.LEASTWISE_SEED ?? 1);
const slice = 1000;

test(`P1 to P12 hold in ${runs} histories`, async () => {
  for (let done = 0; done < runs; done += slice) {
    const told = await runHistories(Math.min(slice, runs - done), seed + done);
    process.stderr.write(
      `histories ${seed + done} to ${seed + done + told.runs - 1}: ${told.violated.size} laws violated\n`,
    );
    expect([...told.violated].map(([law, { run, words }]) => `${law}, history ${seed + done + run}: ${words}`)).toEqual(
      [],
    );
  }
}, 14_400_000);
