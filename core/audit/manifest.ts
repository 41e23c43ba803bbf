import { createHash } from 'node:crypto';
import { dayOf, type Instant, parseInstant } from '../time.ts';
import { objectOf, textOf } from '../untrusted.ts';
import { canonicalJson } from './canonical.ts';
import type { AuditHead } from './event.ts';
import { isSequence, jsonOf } from './stored-event.ts';

/** The head of one aggregate's chain, as a manifest lists it. */
export interface ListedHead extends AuditHead {
  type: string;
  id: string;
}

/** What is signed once an hour: where every chain stood. Manifests follow each other as events do. */
export interface Manifest {
  v: 1;
  sequence: number;
  at: Instant;
  /** SHA-256 of the text of the manifest before; 64 zeros before the first. */
  previous: string;
  /** Lists every head; else those that moved since the manifest before. The first of a UTC day is complete. */
  complete: boolean;
  heads: readonly ListedHead[];
}

/** A manifest as it is kept: its canonical JSON as a text, so that the signature is over exactly these bytes. */
export interface SealedManifest {
  manifest: string;
  /** Base64, over the SHA-256 of the text. */
  signature: string;
}

/** Heads by their place, `TYPE/ID`. */
export type Heads = ReadonlyMap<string, ListedHead>;

export const placeOf = ({ type, id }: { type: string; id: string }): string => `${type}/${id}`;

/** The SHA-256 that is signed, and by which the next manifest names this one. */
export const digestOfText = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The text of the manifest behind `before`, from the heads that were known to it and those that stand now. */
export function manifestText(
  before: { manifest: Pick<Manifest, 'sequence' | 'at'>; digest: string; heads: Heads } | undefined,
  heads: Heads,
  at: Instant,
): string {
  const complete = before === undefined || dayOf(before.manifest.at) !== dayOf(at);
  const moved = [...heads].filter(([place, head]) => complete || head.hash !== before.heads.get(place)?.hash);
  const manifest: Manifest = {
    v: 1,
    sequence: (before?.manifest.sequence ?? 0) + 1,
    at,
    previous: before?.digest ?? '0'.repeat(64),
    complete,
    heads: moved.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, head]) => head),
  };
  return canonicalJson(manifest);
}

/** Reads a manifest's text; undefined where it is none. */
export function readManifest(text: string): Manifest | undefined {
  const read = objectOf(jsonOf(text));
  if (read === null) return undefined;
  const { v, sequence, at, previous, complete, heads } = read;
  const whole =
    v === 1 &&
    isSequence(sequence) &&
    typeof at === 'string' &&
    parseInstant(at) === at &&
    textOf(previous) !== null &&
    typeof complete === 'boolean' &&
    Array.isArray(heads) &&
    heads.every(isHead);
  return whole && canonicalJson(read) === text ? (read as unknown as Manifest) : undefined;
}

/** Reads the object that holds a manifest and its signature; undefined where it is none. */
export function readSealed(text: string): SealedManifest | undefined {
  const read = objectOf(jsonOf(text));
  const manifest = textOf(read?.manifest);
  const signature = textOf(read?.signature);
  return manifest === null || signature === null ? undefined : { manifest, signature };
}

function isHead(value: unknown): boolean {
  const head = objectOf(value);
  return (
    head !== null && [head.type, head.id, head.hash].every((text) => textOf(text) !== null) && isSequence(head.sequence)
  );
}
