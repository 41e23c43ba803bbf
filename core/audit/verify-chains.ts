import { type Instant, plusSeconds } from '../time.ts';
import { verifyChain } from './chain.ts';
import type { DomainEvent } from './event.ts';
import { type AuditFinding, gaps, subjectOf } from './finding.ts';
import { storedEvent } from './stored-event.ts';
import type { SignedHead } from './verify-manifests.ts';

/** One aggregate's objects by their sequence, as the keys say it. */
export type StoredChain = ReadonlyMap<number, { readonly text: string }>;

export interface VerifiedChain {
  aggregate: string;
  /** In their order; those that cannot be read, or lie at another's place, are left out. */
  events: readonly DomainEvent[];
  findings: readonly AuditFinding[];
  /** Heads that valid manifests name, lowest first. */
  signed: readonly SignedHead[];
}

/** A stream delivers for a day; what is archived later than that was not in time for its manifest. */
const latestHours = 24;

/** Holds the stored events of one aggregate against each other and against every head that was signed. */
export function verifyStored(
  aggregate: string,
  stored: StoredChain,
  signed: readonly SignedHead[],
  newest: Instant | null,
): VerifiedChain {
  const places = [...stored.keys()].sort((a, b) => a - b);
  const { events, faults } = readAll(aggregate, places, stored);
  const lost = gaps(places).map(
    ({ from, to }): Fault => ({
      finding: 'missing',
      sequence: from,
      detail: `${subjectOf('event', from, to)} missing`,
    }),
  );
  const links = verifyChain(events)
    .filter(({ fault }) => fault === 'changed')
    .map(({ sequence, words }): Fault => ({ finding: 'changed', sequence, detail: words }));
  const all = [
    ...faults,
    ...lost,
    ...links,
    ...againstSigned(events, places.at(-1) ?? 0, signed),
    ...notInTime(events, signed.at(-1)?.sequence ?? 0, newest),
  ];
  return { aggregate, events, findings: oncePerPlace(all).map((fault) => ({ aggregate, ...fault })), signed };
}

type Fault = Omit<AuditFinding, 'aggregate'>;

function readAll(aggregate: string, places: readonly number[], stored: StoredChain) {
  const events: DomainEvent[] = [];
  const faults: Fault[] = [];
  for (const sequence of places) {
    const read = storedEvent(stored.get(sequence)!.text);
    if (!read.ok) faults.push({ finding: 'changed', sequence, detail: `event ${sequence} was changed: ${read.error}` });
    else if (nameOf(read.value) === aggregate && read.value.sequence === sequence) events.push(read.value);
    else {
      const detail = `at ${sequence} lies event ${read.value.sequence} of ${nameOf(read.value)}`;
      faults.push({ finding: 'reordered', sequence, detail });
    }
  }
  return { events, faults };
}

function againstSigned(events: readonly DomainEvent[], last: number, signed: readonly SignedHead[]): Fault[] {
  const hashes = new Map(events.map(({ sequence, hash }) => [sequence, hash]));
  const faults = signed
    .filter(({ sequence, hash }) => hashes.has(sequence) && hashes.get(sequence) !== hash)
    .map(({ sequence, manifest }): Fault => {
      const detail = `event ${sequence} was changed: it is not the one that manifest ${manifest} names`;
      return { finding: 'changed', sequence, detail };
    });
  const top = signed.at(-1);
  if (top === undefined || top.sequence <= last) return faults;
  const detail = `${subjectOf('event', last + 1, top.sequence)} cut off: manifest ${top.manifest} names the last`;
  return [...faults, { finding: 'cut-off', sequence: last + 1, detail }];
}

const notInTime = (events: readonly DomainEvent[], top: number, newest: Instant | null): Fault[] =>
  events
    .filter(({ sequence, at }) => sequence > top && newest !== null && plusSeconds(at, latestHours * 3600) < newest)
    .map(({ sequence, at }) => ({
      finding: 'unsigned',
      sequence,
      detail: `event ${sequence} says that it is of ${at}, and no manifest up to ${newest} knows it`,
    }));

const nameOf = ({ aggregate: { type, id } }: DomainEvent): string => `${type}/${id}`;

/** The first finding of a kind at a place is told, the same again is not. */
const oncePerPlace = (found: readonly Fault[]): Fault[] =>
  [...new Map([...found].reverse().map((each) => [`${each.finding}/${each.sequence}`, each])).values()].sort(
    (a, b) => a.sequence - b.sequence,
  );
