import type { Instant } from '../time.ts';
import { canonicalHash, canonicalJson } from './canonical.ts';
import type { AggregateType, AuditHead, DomainEvent } from './event.ts';
import { genesis } from './event.ts';

/** What happened, before it has its place in a chain. */
export interface Happening {
  aggregate: { type: AggregateType; id: string };
  type: string;
  at: Instant;
  by: string;
  data?: Readonly<Record<string, unknown>>;
}

/** Puts one happening behind `head`; gives the event and the head after it. The data are kept as their JSON. */
export function append(head: AuditHead, happening: Happening): { event: DomainEvent; head: AuditHead } {
  const unsealed = {
    v: 1 as const,
    aggregate: { type: happening.aggregate.type, id: happening.aggregate.id },
    sequence: head.sequence + 1,
    type: happening.type,
    at: happening.at,
    by: happening.by,
    data: JSON.parse(canonicalJson(happening.data ?? {})) as Readonly<Record<string, unknown>>,
    previous: head.hash,
  };
  const event: DomainEvent = { ...unsealed, hash: canonicalHash(unsealed) };
  return { event, head: headOf(event) };
}

/** The hash that the event must carry: SHA-256 over the canonical JSON of everything else in it. */
function hashOf(event: DomainEvent): string {
  const { hash: _, ...unsealed } = event;
  return canonicalHash(unsealed);
}

export interface ChainFault {
  fault: 'changed' | 'missing' | 'reordered' | 'repeated' | 'cut-off' | 'foreign';
  /** The sequence number it concerns. */
  sequence: number;
  /** One sentence. */
  words: string;
}

/**
 * Checks one aggregate's events, in the order they are kept, against each other and against a head that is known from
 * elsewhere (the aggregate's row, or a signed manifest, which may be older than the last event). `[]`: whole.
 */
export function verifyChain(events: readonly DomainEvent[], expected?: AuditHead): readonly ChainFault[] {
  const bySequence = new Map<number, DomainEvent>();
  const faults: ChainFault[] = [];
  let highest = 0;
  for (const event of events) {
    const { sequence } = event;
    if (hashOf(event) !== event.hash) faults.push(changed(sequence, 'its hash is not the hash of what it says'));
    if (!sameAggregate(event, events[0])) faults.push(foreign(sequence, event));
    if (bySequence.has(sequence))
      faults.push({ fault: 'repeated', sequence, words: `event ${sequence} is there twice` });
    else if (sequence < highest) faults.push(reordered(sequence, highest));
    bySequence.set(sequence, event);
    highest = Math.max(highest, sequence);
  }
  return [...faults, ...linkFaults(bySequence), ...headFaults(bySequence, highest, expected)];
}

const headOf = (event: DomainEvent): AuditHead => ({ sequence: event.sequence, hash: event.hash });

/** Whether the event carries its own hash and stands right behind `head`. */
export const follows = (head: AuditHead, event: DomainEvent): boolean =>
  event.sequence === head.sequence + 1 && event.previous === head.hash && hashOf(event) === event.hash;

/** A gap is told as missing, once; where both neighbours are there, the link between them must hold. */
function linkFaults(bySequence: ReadonlyMap<number, DomainEvent>): ChainFault[] {
  const faults: ChainFault[] = [];
  let before: AuditHead = genesis;
  // By what is there, not by counting: a forged sequence may be as large as it likes.
  for (const event of [...bySequence.values()].sort((a, b) => a.sequence - b.sequence)) {
    if (event.sequence > before.sequence + 1) faults.push(missing(before.sequence + 1, event.sequence - 1));
    else if (before.hash !== event.previous) {
      faults.push(changed(event.sequence, 'it does not follow the event before it'));
    }
    before = headOf(event);
  }
  return faults;
}

function headFaults(
  bySequence: ReadonlyMap<number, DomainEvent>,
  highest: number,
  expected: AuditHead | undefined,
): ChainFault[] {
  if (expected === undefined || expected.sequence === 0) return [];
  const { sequence, hash } = expected;
  if (highest < sequence) {
    return [{ fault: 'cut-off', sequence: highest + 1, words: `events ${highest + 1} to ${sequence} are cut off` }];
  }
  const event = bySequence.get(sequence);
  return event === undefined || event.hash === hash ? [] : [changed(sequence, 'its hash is not the known head')];
}

const sameAggregate = (event: DomainEvent, first: DomainEvent | undefined): boolean =>
  event.aggregate.type === first?.aggregate.type && event.aggregate.id === first.aggregate.id;

const changed = (sequence: number, why: string): ChainFault => ({
  fault: 'changed',
  sequence,
  words: `event ${sequence} was changed: ${why}`,
});

const missing = (from: number, to: number): ChainFault => ({
  fault: 'missing',
  sequence: from,
  words: from === to ? `event ${from} is missing` : `events ${from} to ${to} are missing`,
});

const reordered = (sequence: number, highest: number): ChainFault => ({
  fault: 'reordered',
  sequence,
  words: `event ${sequence} stands behind event ${highest}`,
});

const foreign = (sequence: number, event: DomainEvent): ChainFault => ({
  fault: 'foreign',
  sequence,
  words: `event ${sequence} belongs to ${event.aggregate.type} ${event.aggregate.id}`,
});
