import type { Instant } from '../time.ts';
import type { AuditHead } from './event.ts';
import { type AuditFinding, gaps, subjectOf } from './finding.ts';
import { digestOfText, type Manifest, placeOf, readManifest, readSealed } from './manifest.ts';

/** A head and the first manifest that names it. */
export interface SignedHead extends AuditHead {
  manifest: number;
  at: Instant;
}

/** Whether the signature is one over exactly this text; undefined: no key is known, nothing is checked. */
export type CheckSignature = ((text: string, signature: string) => boolean) | undefined;

export interface VerifiedManifests {
  count: number;
  findings: readonly AuditFinding[];
  /** By place, lowest sequence first. Only what manifests say whose signature holds (or was not checked). */
  signed: ReadonlyMap<string, readonly SignedHead[]>;
  /** The newest of these; null where there is none. */
  newest: Instant | null;
}

const chain = 'manifests';

/** Holds the manifests against each other and against the key. Each text is asked for once, and let go. */
export function verifyManifests(
  stored: ReadonlyMap<number, { readonly text: string }>,
  check: CheckSignature,
): VerifiedManifests {
  const numbers = [...stored.keys()].sort((a, b) => a - b);
  const findings: AuditFinding[] = gaps(numbers).map(({ from, to }) => ({
    finding: 'missing',
    aggregate: chain,
    sequence: from,
    detail: `${subjectOf('manifest', from, to)} missing`,
  }));
  const heads = new Map<string, Map<string, SignedHead>>();
  let newest: Instant | null = null;
  let before: Before;
  for (const number of numbers) {
    const judged = judge(stored.get(number)!.text, number, before, check);
    findings.push(...judged.findings);
    before = judged.before;
    if (judged.manifest === undefined) continue;
    take(heads, judged.manifest);
    if (newest === null || judged.manifest.at > newest) newest = judged.manifest.at;
  }
  return { count: numbers.length, findings, signed: sorted(heads), newest };
}

/** The manifest that the next one must name; undefined where it is not whole, which is told already. */
type Before = { number: number; digest: string } | undefined;

function judge(
  text: string,
  number: number,
  before: Before,
  check: CheckSignature,
): { findings: AuditFinding[]; before: Before; manifest?: Manifest } {
  const told = (finding: AuditFinding['finding'], detail: string): AuditFinding[] => [
    { finding, aggregate: chain, sequence: number, detail: `manifest ${number} ${detail}` },
  ];
  const sealed = readSealed(text);
  const manifest = sealed && readManifest(sealed.manifest);
  if (sealed === undefined || manifest === undefined)
    return { findings: told('changed', 'cannot be read'), before: undefined };
  if (check && !check(sealed.manifest, sealed.signature))
    return { findings: told('signature-invalid', 'is not signed by this key'), before: undefined };
  if (manifest.sequence !== number)
    return { findings: told('reordered', `says that it is ${manifest.sequence}`), before: undefined, manifest };
  const findings = isBehind(manifest, before) ? [] : told('changed', 'does not follow the one before it');
  return { findings, before: { number, digest: digestOfText(sealed.manifest) }, manifest };
}

function isBehind({ sequence, previous }: Manifest, before: Before): boolean {
  if (sequence === 1) return previous === '0'.repeat(64);
  return before?.number !== sequence - 1 || before.digest === previous;
}

/** Of two hashes for one place both are kept: the event can be only one of them. */
function take(heads: Map<string, Map<string, SignedHead>>, { sequence: manifest, at, heads: listed }: Manifest): void {
  for (const head of listed) {
    const { sequence, hash } = head;
    const known = heads.get(placeOf(head)) ?? new Map<string, SignedHead>();
    const key = `${sequence}/${hash}`;
    if (!known.has(key)) known.set(key, { sequence, hash, manifest, at });
    heads.set(placeOf(head), known);
  }
}

const sorted = (heads: ReadonlyMap<string, ReadonlyMap<string, SignedHead>>) =>
  new Map(
    [...heads].map(([place, known]) => [place, [...known.values()].sort((a, b) => a.sequence - b.sequence)] as const),
  );
