import { follows } from '../core/audit/chain.ts';
import { genesis } from '../core/audit/event.ts';
import {
  digestOfText,
  type Heads,
  type ListedHead,
  type Manifest,
  manifestText,
  placeOf,
  readManifest,
  readSealed,
} from '../core/audit/manifest.ts';
import { storedEvent } from '../core/audit/stored-event.ts';
import type { Instant } from '../core/time.ts';
import type { AuditArchive } from './ports/audit-archive.ts';
import type { ManifestArchive } from './ports/manifest-archive.ts';
import type { Signer, Verifier } from './ports/signer.ts';

export interface SealAuditDeps {
  archive: Pick<AuditArchive, 'tails' | 'read'>;
  manifests: ManifestArchive;
  signer: Signer;
  verifier: Verifier;
  now(): Instant;
}

export interface Sealing {
  /** `taken`: another run was faster, and has sealed the same. */
  outcome: 'sealed' | 'taken';
  sequence: number;
  /** Events that no manifest covered before. */
  events: number;
  /** What the archive no longer holds as it was, in a sentence each. */
  broken: readonly string[];
}

interface Known {
  before: { manifest: Pick<Manifest, 'sequence' | 'at'>; digest: string; heads: Heads } | undefined;
  broken: readonly string[];
}

/**
 * Signs where every chain of the archive stands. A head moves only over events that follow what was signed before; a
 * chain that does not goes on being signed where it last held, and is told. What is still on its way into the archive is
 * for the next manifest. `most` bounds the events that one run reads.
 */
export const sealAudit =
  (deps: SealAuditDeps) =>
  async (most = 20_000): Promise<Sealing> => {
    const { before, broken } = await known(deps);
    const heads = new Map(before?.heads);
    const faults = [...broken];
    const tails = await deps.archive.tails();
    let events = 0;
    for (const tail of tails) {
      const head = heads.get(placeOf(tail)) ?? { type: tail.type, id: tail.id, ...genesis };
      if (tail.sequence <= head.sequence || events >= most) continue;
      const moved = await followed(deps, head, Math.min(tail.sequence, head.sequence + most - events));
      if (moved.broken !== null) faults.push(`${placeOf(tail)}/${moved.head.sequence + 1} ${moved.broken}`);
      if (moved.head.sequence > 0) heads.set(placeOf(tail), moved.head);
      events += moved.head.sequence - head.sequence;
    }
    const sequence = (before?.manifest.sequence ?? 0) + 1;
    const text = manifestText(before, heads, deps.now());
    const signature = await deps.signer.sign(digestOfText(text));
    const put = await deps.manifests.put(sequence, { manifest: text, signature });
    return {
      outcome: put === 'put' ? 'sealed' : 'taken',
      sequence,
      events,
      broken: [...faults, ...shorter(before?.heads ?? new Map(), tails)],
    };
  };

/**
 * What is signed already: from the newest manifest back to one that is complete. One whose signature does not hold says
 * nothing about heads, and keeps its number.
 */
async function known({ manifests, verifier }: SealAuditDeps): Promise<Known> {
  const newest = await manifests.newest();
  if (newest === 0) return { before: undefined, broken: [] };
  const held: Manifest[] = [];
  const broken: string[] = [];
  let digest = '';
  for (let sequence = newest; sequence > 0 && !held.at(-1)?.complete; sequence -= 1) {
    const sealed = readSealed((await manifests.read(sequence)) ?? '');
    if (sequence === newest) digest = digestOfText(sealed?.manifest ?? '');
    const manifest = sealed && readManifest(sealed.manifest);
    const holds =
      manifest?.sequence === sequence && (await verifier.verify(digestOfText(sealed!.manifest), sealed!.signature));
    if (holds) held.push(manifest);
    else broken.push(`manifests/${sequence} is not one of ours`);
  }
  const heads = new Map(held.reverse().flatMap((each) => each.heads.map((head) => [placeOf(head), head] as const)));
  // Without a complete one behind them all heads are read again, from the first event on.
  const at = held.at(-1)?.at ?? ('1970-01-01T00:00:00Z' as Instant);
  return { before: { manifest: { sequence: newest, at }, digest, heads }, broken };
}

/** Moves the head over the events up to `to` for as long as each is there and follows. */
async function followed({ archive }: SealAuditDeps, head: ListedHead, to: number) {
  let moved = head;
  for (let sequence = head.sequence + 1; sequence <= to; sequence += 1) {
    const text = await archive.read(head.type, head.id, sequence);
    if (text === undefined) break;
    const event = storedEvent(text);
    const right = event.ok && placeOf(event.value.aggregate) === placeOf(head) && follows(moved, event.value);
    if (!right) return { head: moved, broken: 'does not follow what was signed' };
    moved = { ...head, sequence, hash: event.value.hash };
  }
  return { head: moved, broken: null };
}

/** Chains of which less is there than was signed. */
function shorter(signed: Heads, tails: readonly { type: string; id: string; sequence: number }[]): string[] {
  const there = new Map(tails.map((tail) => [placeOf(tail), tail.sequence]));
  return [...signed].flatMap(([place, { sequence }]) => {
    const last = there.get(place) ?? 0;
    return last < sequence ? [`${place}/${last + 1} was signed and is gone`] : [];
  });
}
