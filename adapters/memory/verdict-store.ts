import type { Verdict } from '../../core/anomaly/case.ts';
import type { VerdictStore } from '../../usecases/ports/state-stores.ts';
import { keep } from './freeze.ts';

/** Verdicts in memory. */
export function memoryVerdictStore(): VerdictStore {
  const rows = new Map<string, Verdict>();
  return {
    put: async (verdicts) => {
      for (const verdict of verdicts) {
        const there = rows.get(idOf(verdict));
        if (there === undefined || there.at < verdict.at) rows.set(idOf(verdict), keep(verdict));
      }
    },
    ofActor: async (actor) =>
      [...rows]
        .filter(([, row]) => row.actor === actor)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, row]) => row),
  };
}

const idOf = ({ actor, facet, case: id }: Verdict): string =>
  JSON.stringify([actor, id, facet.kind, facet.action ?? null, facet.value ?? null]);
