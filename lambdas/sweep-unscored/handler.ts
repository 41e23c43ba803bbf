import { type Swept, sweepUnscored, type Deps as UseCase } from '../../usecases/sweep-unscored.ts';

export interface Deps extends UseCase {
  /** Metric of the namespace Leastwise: marks that the sweep found waiting. */
  count(metric: 'UnscoredItems', by: number): void;
  /** An actor that stays marked and is tried again by the next sweep. */
  failed(actor: string, fault: unknown): void;
}

/** Called by the clock: scores what the stream lost. Throws where an actor could not be scored, once all were tried. */
export const sweepUnscoredHandler = (deps: Deps) => async (): Promise<Swept> => {
  const swept = await sweepUnscored(deps)();
  deps.count('UnscoredItems', swept.found);
  for (const { actor, fault } of swept.faults) deps.failed(actor, fault);
  if (swept.faults.length > 0) throw new Error(`${swept.faults.length} actors could not be scored`);
  return swept;
};
