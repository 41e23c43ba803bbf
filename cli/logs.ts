import { openLogs } from '../adapters/files/cloudtrail.ts';
import { instantAt } from '../core/time.ts';
import type { Rejection, RejectReason, UsageEvent } from '../core/usage/event.ts';
import { progressBar } from './progress.ts';

/** What a command read, told on stderr once it is done. */
export interface Reading {
  files: number;
  /** Accepted records, repetitions included. */
  records: number;
  /** Distinct event ids among them. */
  events: number;
  rejected: number;
}

export interface LogOptions {
  historic?: boolean;
  /** Exit code 1 where a record was rejected. */
  strict?: boolean;
}

/** Names are shown for so many rejections; all are counted. */
const shown = 20;

/**
 * Hands every accepted event of the paths to `take`, in no order to rely on; tells on stderr what was read, skipped and
 * rejected, with reasons.
 */
export async function readLogs(
  paths: readonly string[],
  take: (event: UsageEvent, record: unknown) => void,
  options: LogOptions = {},
): Promise<Reading> {
  const ids = new Set<string>();
  const reasons = new Map<RejectReason, number>();
  const reading: Reading = { files: 0, records: 0, events: 0, rejected: 0 };
  const logs = openLogs(paths, {
    now: instantAt(Date.now() / 1000),
    historic: options.historic ?? false,
    onSkip: (path, why) => say(`skipped ${path}: ${why}`),
    onProgress: progressBar('reading'),
  });
  const taker = {
    event: (event: UsageEvent, record: unknown) => {
      reading.records += 1;
      ids.add(event.eventID);
      take(event, record);
    },
    rejection: ({ reason, detail, place }: Rejection) => {
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      reading.rejected += 1;
      const at = place.index === null ? place.source : `${place.source} #${place.index}`;
      if (reading.rejected <= shown) say(`rejected ${at}: ${reason}: ${detail}`);
    },
  };
  for await (const log of logs) {
    reading.files += 1;
    log.each(taker);
  }
  reading.events = ids.size;
  tell(reading, reasons);
  if (options.strict && reading.rejected > 0) process.exitCode = 1;
  return reading;
}

function tell({ files, records, events, rejected }: Reading, reasons: ReadonlyMap<RejectReason, number>): void {
  if (rejected > shown) say(`… and ${rejected - shown} more rejections`);
  const repeated = records === events ? '' : ` (${records - events} of them again)`;
  const why = [...reasons].sort().map(([reason, count]) => `${reason} ${count}`);
  say(
    `${records} events${repeated} from ${files} files, ${rejected} rejected${why.length ? `: ${why.join(', ')}` : ''}`,
  );
}

const say = (words: string): void => {
  process.stderr.write(`${words}\n`);
};
