import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from '../../core/audit/canonical.ts';
import type { DomainEvent } from '../../core/audit/event.ts';
import type { AuditArchive } from '../../usecases/ports/audit-archive.ts';
import { keep } from './freeze.ts';
import { placeOf } from './outbox.ts';

/** Written once, never changed, in memory. */
export function memoryAuditArchive(): AuditArchive {
  const rows = new Map<string, DomainEvent>();
  const bySequence = (type: string, id: string) =>
    [...rows.values()]
      .filter(({ aggregate }) => aggregate.type === type && aggregate.id === id)
      .sort((a, b) => a.sequence - b.sequence);
  return {
    put: async (event) => {
      const there = rows.get(placeOf(event));
      if (there !== undefined && !isDeepStrictEqual(there, event))
        throw new Error(`the archive holds another event at ${placeOf(event)}`);
      rows.set(placeOf(event), there ?? keep(event));
    },
    chain: async (type, id) => bySequence(type, id),
    tails: async () => {
      const tails = new Map<string, { type: string; id: string; sequence: number }>();
      for (const { aggregate, sequence } of rows.values()) {
        const place = `${aggregate.type}/${aggregate.id}`;
        if ((tails.get(place)?.sequence ?? 0) < sequence) tails.set(place, { ...aggregate, sequence });
      }
      return [...tails.values()];
    },
    read: async (type, id, sequence) => {
      const event = rows.get(`${type}/${id}/${sequence}`);
      return event && canonicalJson(event);
    },
    aggregates: async () => {
      const found = new Map([...rows.values()].map(({ aggregate: { type, id } }) => [`${type}/${id}`, { type, id }]));
      return [...found.keys()].sort().map((place) => found.get(place)!);
    },
  };
}
