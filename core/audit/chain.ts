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
  return [...faults, ...linkFaults(bySequence, highest), ...headFaults(bySequence, highest, expected)];
}

const headOf = (event: DomainEvent): AuditHead => ({ sequence: event.sequence, hash: event.hash });

/** A gap is told as missing; where both neighbours are there, the link between them must hold. */
function linkFaults(bySequence: ReadonlyMap<number, DomainEvent>, highest: number): ChainFault[] {
  const faults: ChainFault[] = [];
  for (let sequence = 1; sequence <= highest; sequence += 1) {
    const event = bySequence.get(sequence);
    const before = sequence === 1 ? genesis : bySequence.get(sequence - 1);
    if (event === undefined) faults.push({ fault: 'missing', sequence, words: `event ${sequence} is missing` });
    else if (before !== undefined && before.hash !== event.previous) {
      faults.push(changed(sequence, 'it does not follow the event before it'));
    }
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
