import { type Watched, type WatchTrialsDeps, watchTrials } from '../../usecases/watch-trials.ts';

export interface Deps extends WatchTrialsDeps {
  /** A trial that could not be looked at. */
  failed(change: string, fault: unknown): void;
}

/** Called by the clock. One trial's fault does not hold up the others, and fails the run at its end. */
export const watchTrialsHandler = (deps: Deps) => async (): Promise<Watched> => {
  const watched = await watchTrials(deps)();
  for (const { change, detail } of watched.failed) deps.failed(change, detail);
  if (watched.failed.length > 0) throw new Error(`${watched.failed.length} trials could not be watched`);
  return watched;
};
