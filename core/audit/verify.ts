import { type Instant, plusSeconds } from '../time.ts';
import type { AuditFinding } from './finding.ts';
import { type StoredChain, type VerifiedChain, verifyStored } from './verify-chains.ts';
import { type CheckSignature, verifyManifests } from './verify-manifests.ts';

/** An object of the audit bucket. */
export interface AuditObject {
  /** `audit/TYPE/ID/SEQUENCE` or `manifests/SEQUENCE`. */
  key: string;
  /** May be read when it is asked for: not all of a bucket fits into memory. */
  readonly text: string;
}

export interface VerifiedAudit {
  findings: readonly AuditFinding[];
  /** By aggregate. */
  chains: readonly VerifiedChain[];
  events: number;
  manifests: number;
  /** When the newest manifest was signed; null: nothing is. */
  signedUntil: Instant | null;
  /** Events behind the last head that is signed: a change of these, or their loss, may not show. */
  unsigned: { events: number; from: Instant | null; to: Instant | null };
  /** Keys that are neither event nor manifest. */
  skipped: readonly string[];
}

/** A manifest is made every hour; the second hour is for one that was late. */
const patienceHours = 2;

/**
 * Finds every event that was removed, changed, moved or cut off. `until` is when the objects were fetched: without it,
 * a loss of the newest manifests together with what they sign looks like an older download.
 */
export function verifyAudit(
  objects: Iterable<AuditObject>,
  check: CheckSignature,
  until: Instant | null = null,
): VerifiedAudit {
  const { stored, manifests, skipped } = sortOut(objects);
  const { findings, signed, newest, count } = verifyManifests(manifests, check);
  const places = [...new Set([...stored.keys(), ...signed.keys()])].sort();
  const chains = places.map((place) =>
    verifyStored(place, stored.get(place) ?? new Map(), signed.get(place) ?? [], newest),
  );
  return {
    findings: [...findings, ...lateManifest(newest, until, count), ...chains.flatMap((each) => each.findings)],
    chains,
    events: chains.reduce((sum, { events }) => sum + events.length, 0),
    manifests: count,
    signedUntil: newest,
    unsigned: unsignedOf(chains),
    skipped,
  };
}

const eventKey = /^audit\/([a-z-]+)\/([^/]+)\/(\d{10,15})$/;
const manifestKey = /^manifests\/(\d{10,15})$/;

function sortOut(objects: Iterable<AuditObject>) {
  const stored = new Map<string, Map<number, AuditObject>>();
  const manifests = new Map<number, AuditObject>();
  const skipped: string[] = [];
  for (const object of objects) {
    const { key } = object;
    const [, type = '', id = '', sequence] = eventKey.exec(key) ?? [];
    const [, number] = manifestKey.exec(key) ?? [];
    const place = sequence === undefined ? undefined : placeIn(type, id);
    if (number !== undefined) manifests.set(Number(number), object);
    else if (place === undefined) skipped.push(key);
    else stored.set(place, (stored.get(place) ?? new Map<number, AuditObject>()).set(Number(sequence), object));
  }
  return { stored: stored as ReadonlyMap<string, StoredChain>, manifests, skipped };
}

function placeIn(type: string, id: string): string | undefined {
  try {
    return `${type}/${decodeURIComponent(id)}`;
  } catch {
    return undefined;
  }
}

function lateManifest(newest: Instant | null, until: Instant | null, count: number): AuditFinding[] {
  const found = (detail: string): AuditFinding[] => [
    { finding: 'cut-off', aggregate: 'manifests', sequence: count + 1, detail },
  ];
  if (count === 0) return found('there is no manifest: nothing is signed');
  if (until === null || newest === null || plusSeconds(newest, patienceHours * 3600) >= until) return [];
  return found(`the newest manifest is of ${newest}, and none follows up to ${until}`);
}

function unsignedOf(chains: readonly VerifiedChain[]): VerifiedAudit['unsigned'] {
  const times = chains
    .flatMap(({ events, signed }) => events.filter(({ sequence }) => sequence > (signed.at(-1)?.sequence ?? 0)))
    .map(({ at }) => at)
    .sort();
  return { events: times.length, from: times[0] ?? null, to: times.at(-1) ?? null };
}
