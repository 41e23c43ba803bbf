import { type Deps as Detect, type Detected, detectAnomaly } from './detect-anomaly.ts';
import type { LedgerStore } from './ports/ledger-store.ts';

export interface Deps extends Detect {
  ledger: Detect['ledger'] & Pick<LedgerStore, 'unscored'>;
}

export interface Swept {
  /** Marks that waited, at most the limit. */
  found: number;
  actors: number;
  /** Steps of cases that were written. */
  commits: number;
  /** Faults by actor; their marks wait for the next sweep. */
  faults: readonly Required<Pick<Detected, 'actor' | 'fault'>>[];
}

/** Scores what the stream lost, up to `limit` marks; whatever is left waits for the next sweep. */
export const sweepUnscored =
  (deps: Deps) =>
  async (limit = 1000): Promise<Swept> => {
    const marks = await deps.ledger.unscored(limit);
    const results = await detectAnomaly(deps)(marks);
    return {
      found: marks.length,
      actors: results.length,
      commits: results.reduce((sum, { commits }) => sum + commits, 0),
      faults: results.flatMap(({ actor, fault }) => (fault === undefined ? [] : [{ actor, fault }])),
    };
  };
