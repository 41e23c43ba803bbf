import { objectOf, textOf } from '../untrusted.ts';
import { forwardedBy } from './forwarded.ts';
import { type FastLane, fastLanePatterns, type Width } from './patterns.ts';

/** What one width of the fast lane lets through. */
interface WidthShare {
  width: Width;
  /** Rules in every region of every account. */
  rules: number;
  records: number;
  forwarded: number;
  /** Of the records, with two decimals. */
  percent: number;
}

/** A role whose reads of secrets and parameters would take the fast lane. */
interface ReaderShare {
  reader: string;
  forwarded: number;
  percent: number;
}

/** Counts what the fast lane would let through of a trail, at every width. */
export interface ShareCount {
  add(record: unknown): void;
  widths(): WidthShare[];
  /** The roles that read most, first those who do; they could be named as constant readers. */
  readers(most: number): ReaderShare[];
}

/** Takes records of CloudTrail as they are, one by one. */
export function countShare(constantReaders: FastLane['constantReaders']): ShareCount {
  const counts = (['prompt', 'changes', 'everything'] as const).map((width) => {
    const patterns = fastLanePatterns({ width, constantReaders });
    return { width, rules: patterns.length, passes: forwardedBy(patterns), forwarded: 0 };
  });
  const reads = new Map<string, number>();
  let records = 0;
  const percent = (forwarded: number) => Math.round((forwarded / Math.max(1, records)) * 10_000) / 100;
  return {
    add: (record) => {
      records += 1;
      for (const count of counts) if (count.passes(record)) count.forwarded += 1;
      const reader = readerOf(record);
      if (reader !== null && counts[0]?.passes(record)) reads.set(reader, (reads.get(reader) ?? 0) + 1);
    },
    widths: () =>
      counts.map(({ width, rules, forwarded }) => ({ width, rules, records, forwarded, percent: percent(forwarded) })),
    readers: (most) =>
      [...reads]
        .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
        .slice(0, most)
        .map(([reader, forwarded]) => ({ reader, forwarded, percent: percent(forwarded) })),
  };
}

/** The role behind a session that read something; null for anybody and anything else. */
function readerOf(record: unknown): string | null {
  const fields = objectOf(record);
  const session = objectOf(objectOf(fields?.userIdentity)?.sessionContext);
  return fields?.readOnly === true && fields.eventSource !== 'sts.amazonaws.com'
    ? textOf(objectOf(session?.sessionIssuer)?.arn)
    : null;
}
