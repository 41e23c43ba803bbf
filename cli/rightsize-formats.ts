import type { Certificate } from '../core/rightsizing/certificate.ts';
import { quotas, sizeOf } from '../core/rightsizing/quotas.ts';
import type { RemovalRisk } from '../core/rightsizing/removal-risk.ts';
import { cloudFormationOf } from '../core/rightsizing/render/cloudformation.ts';
import { hclOf } from '../core/rightsizing/render/hcl.ts';
import { markdownOf } from '../core/rightsizing/render/markdown.ts';
import { summaryOf } from '../core/rightsizing/report.ts';
import type { Rightsizing } from '../core/rightsizing/rightsize.ts';
import { unseenIn } from '../core/rightsizing/unseen.ts';
import { table } from './output.ts';

export const formats = ['ndjson', 'table', 'json', 'markdown', 'hcl', 'cloudformation'] as const;
export type Format = (typeof formats)[number];

/** What the risk of removal is, and in words. */
export interface Risk {
  measured: readonly RemovalRisk[];
  words: string;
}

/** What is reckoned only where a format shows it. */
export interface Besides {
  risk(): Risk;
  /** Of the principal at that place among those shown. */
  certificates(): readonly (Certificate | undefined)[];
}

/** What `leastwise rightsize` writes, line by line. */
export function written(
  judged: readonly Rightsizing[],
  format: Format,
  { risk, certificates }: Besides,
): readonly string[] {
  switch (format) {
    case 'ndjson':
      return judged.map((each) => JSON.stringify(rowOf(each)));
    case 'table':
      return [
        ...table(['WHO', 'STATUS', 'REMOVED', 'KEPT', 'CHARACTERS', 'WHY'], judged.map(cellsOf)),
        '',
        risk().words,
      ];
    case 'json':
      return [documentOf(judged, risk(), certificates())];
    case 'markdown':
      return [markdownOf(judged, risk().words, certificates())];
    case 'hcl':
      return [hclOf(judged)];
    case 'cloudformation':
      return [cloudFormationOf(judged)];
  }
}

function documentOf(
  judged: readonly Rightsizing[],
  risk: Risk,
  certificates: readonly (Certificate | undefined)[],
): string {
  const principals = judged.map((each, i) => ({ ...entryOf(each), certificate: certificates[i] ?? null }));
  return JSON.stringify({ risk: risk.measured, principals }, null, 2);
}

/** The row of the public contract. */
function rowOf(judged: Rightsizing): object {
  const { principal, status, kept } = judged;
  const proposed = status === 'proposed' ? judged : undefined;
  return {
    principal: principal.id,
    arn: principal.arn,
    status,
    reason: status === 'not-yet-decidable' ? reasonOf(judged) : null,
    policies: (proposed?.policies ?? []).map(({ name, kind, before, after }) => ({
      name,
      kind,
      before: before === null ? null : JSON.parse(before),
      after: after === null ? null : JSON.parse(after),
    })),
    removed: proposed?.removed ?? [],
    kept,
    proof: proposed?.proof ?? null,
    size: charactersOf(judged),
  };
}

const reasonOf = ({ reason, detail }: { reason: string; detail: string }): string =>
  detail === '' ? reason : `${reason}: ${detail}`;

/** The same with what somebody who decides wants to see besides. */
function entryOf(judged: Rightsizing): object {
  const { byClass, dangerous, kept } = summaryOf(judged);
  const counts = kept.map(({ why, count }) => [why, count] as const);
  return {
    ...rowOf(judged),
    removedByClass: byClass,
    dangerousRemoved: dangerous,
    keptByReason: Object.fromEntries(counts),
    unobservable: unseenIn(judged.kept),
  };
}

function charactersOf(judged: Rightsizing): number {
  if (judged.status !== 'proposed') return 0;
  return judged.policies.reduce((sum, { after }) => sum + (after === null ? 0 : sizeOf(after)), 0);
}

function cellsOf(judged: Rightsizing): string[] {
  const { principal, status, kept } = judged;
  if (status !== 'proposed') {
    return [principal.arn, status, '', '', '', status === 'not-yet-decidable' ? judged.detail || judged.reason : ''];
  }
  const { dangerous } = summaryOf(judged);
  const made = judged.policies.filter(({ before }) => before === null).length;
  const words = [
    ...(dangerous.length === 0 ? [] : [`${dangerous.length} dangerous actions go`]),
    ...(made === 0 ? [] : [`${made} policies are made, each under ${quotas.managed} characters`]),
  ];
  const counts = [judged.removed.length, kept.length, charactersOf(judged)].map(String);
  return [principal.arn, status, ...counts, words.join('; ')];
}
