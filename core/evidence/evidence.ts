import type { DomainEvent } from '../audit/event.ts';
import type { AuditFinding } from '../audit/finding.ts';
import type { VerifiedAudit } from '../audit/verify.ts';
import type { VerifiedChain } from '../audit/verify-chains.ts';
import type { Instant } from '../time.ts';
import { type ChangeStory, isUndo, storyOf } from './change-story.ts';
import { type Section, sectionOf } from './sections.ts';

/** One line of the report. Every field is a text, empty where nothing is known. */
export interface EvidenceRow {
  section: Section;
  time: Instant;
  who: string;
  what: string;
  kind: string;
  account: string;
  target: string;
  requester: string;
  beneficiary: string;
  why: string;
  /** Who approved what this row carries out, under which rule, when. */
  approvals: string;
  aggregate: string;
  sequence: number;
  hash: string;
  /** What shows that it is as it was written; in `unverified` what is missing. */
  proof: string;
}

export interface Evidence {
  period: { from: Instant; to: Instant };
  /** Whether a key was given; without one only the chains of hashes were checked. */
  keyed: boolean;
  rows: readonly EvidenceRow[];
  /** What happened in the period, as it lies there, and does not count. */
  unverified: readonly EvidenceRow[];
  /** Of the whole audit, whatever the period. */
  findings: readonly AuditFinding[];
  signedUntil: Instant | null;
  manifests: number;
  events: number;
}

/** What happened from `from` up to, and not at, `to`. Only events of whole chains count, with a key only signed ones. */
export function evidenceOf(audit: VerifiedAudit, period: Evidence['period'], keyed: boolean): Evidence {
  const stories = new Map(
    audit.chains
      .filter(({ aggregate, findings }) => aggregate.startsWith('change/') && findings.length === 0)
      .map((chain) => [chain.aggregate, chain.events.filter((event) => proofOf(chain, event, keyed).counts)] as const),
  );
  const told = audit.chains.flatMap((chain) =>
    chain.events
      .filter(({ at }) => at >= period.from && at < period.to)
      .flatMap((event) => rowOf(chain, event, stories, keyed)),
  );
  const sorted = told.sort((a, b) => compare(a.row, b.row));
  return {
    period,
    keyed,
    rows: sorted.filter(({ counts }) => counts).map(({ row }) => row),
    unverified: sorted.filter(({ counts }) => !counts).map(({ row }) => row),
    findings: audit.findings,
    signedUntil: keyed ? audit.signedUntil : null,
    manifests: audit.manifests,
    events: audit.events,
  };
}

const compare = (a: EvidenceRow, b: EvidenceRow): number =>
  a.time !== b.time
    ? a.time < b.time
      ? -1
      : 1
    : a.aggregate !== b.aggregate
      ? a.aggregate < b.aggregate
        ? -1
        : 1
      : a.sequence - b.sequence;

function rowOf(
  chain: VerifiedChain,
  event: DomainEvent,
  changes: ReadonlyMap<string, readonly DomainEvent[]>,
  keyed: boolean,
): { row: EvidenceRow; counts: boolean }[] {
  const { aggregate, type, at, by, sequence, hash, data } = event;
  const [section, what] = sectionOf(type, data.kind) ?? [];
  if (section === undefined || what === undefined) return [];
  const change = aggregate.type === 'lease' ? `change/${textOf(data.change)}` : chain.aggregate;
  const story = storyOf(changes.get(change)?.filter((each) => aggregate.type === 'lease' || each.sequence <= sequence));
  const { counts, proof } = proofOf(chain, event, keyed);
  const row: EvidenceRow = {
    section,
    time: at,
    who: by,
    what,
    kind: textOf(data.kind) || story.kind,
    account: story.account || textOf(data.account),
    target: story.target || textOf(data.actor),
    requester: isUndo(type) ? story.undoRequester : story.requester,
    beneficiary: story.beneficiary,
    why: whyOf(event, story),
    approvals: section === 'approvals' ? '' : approvalsOf(event, story) || (changes.has(change) ? '' : notWhole(event)),
    aggregate: chain.aggregate,
    sequence,
    hash,
    proof,
  };
  return [{ row, counts }];
}

const approvalsOf = ({ type }: DomainEvent, story: ChangeStory): string =>
  (isUndo(type) ? story.undoApprovals : story.approvals).join('; ');

/** A lease is as good as the change that lends it. */
const notWhole = ({ aggregate, data }: DomainEvent): string =>
  aggregate.type === 'lease' ? `not verified: change/${textOf(data.change)} is not whole` : '';

/** Of one event: what was refused or why it ended stands in it, why it was asked for in its change. */
function whyOf({ type, data }: DomainEvent, story: ChangeStory): string {
  const own = [data.refusal, data.reason, data.detail].map(textOf).filter((text) => text !== '');
  const rule = textOf(data.rule) && `rule: ${textOf(data.rule)}`;
  const asked = isUndo(type) ? story.undoReason : story.why;
  return [...own, rule, asked].filter((text) => text !== '').join('; ');
}

function proofOf({ signed, findings }: VerifiedChain, { sequence }: DomainEvent, keyed: boolean) {
  if (findings.length > 0) return { counts: false, proof: `its chain is not whole: ${findings[0]!.detail}` };
  if (!keyed) return { counts: true, proof: 'chain of hashes; no signature was checked' };
  const head = signed.find((each) => each.sequence >= sequence);
  if (head === undefined) return { counts: false, proof: 'not signed yet' };
  return { counts: true, proof: `signed by manifest ${head.manifest} of ${head.at}` };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
