import type { Deps as DetectDeps, Detected } from './detect-anomaly.ts';
import { detectAnomaly } from './detect-anomaly.ts';
import type { LedgerStore } from './ports/ledger-store.ts';

export interface Deps extends DetectDeps {
  ledger: DetectDeps['ledger'] & Pick<LedgerStore, 'unscored'>;
}

export interface Swept {
  actors: number;
  commits: number;
  /** Faults by actor; their marks wait for the next sweep. */
  faults: readonly Pick<Detected, 'actor' | 'fault'>[];
}

/** Scores what the stream lost, up to `limit` marks; whatever is left waits for the next sweep. */
export const sweepUnscored =
  (deps: Deps) =>
  async (limit = 1000): Promise<Swept> => {
    const results = await detectAnomaly(deps)(await deps.ledger.unscored(limit));
    return {
      actors: results.length,
      commits: results.reduce((sum, { commits }) => sum + commits, 0),
      faults: results.filter((result) => 'fault' in result).map(({ actor, fault }) => ({ actor, fault })),
    };
  };
