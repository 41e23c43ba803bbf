import { objectOf } from '../untrusted.ts';
import { isEnvelope, parseEnvelope } from './envelope.ts';
import type { Rejection, UsageEvent } from './event.ts';
import { type Intake, parseRecord, type Refused } from './parse.ts';

/** What a log file holds. */
export interface LogContents {
  events: readonly UsageEvent[];
  rejections: readonly Rejection[];
  /** Set for files that CloudTrail writes beside its logs: there is nothing to read in them. */
  skipped: 'digest' | null;
}

/** Takes what is read, one by one, so that a large file never stands in memory twice. */
export interface LogTaker {
  /** `record` is what the event was read from: a record of CloudTrail, or an envelope that holds one. */
  event(event: UsageEvent, record: unknown): unknown;
  rejection(rejection: Rejection): unknown;
}

/** Reads the text of a log file whole; see `eachRecord`. */
export function readLog(text: string, source: string, intake: Intake): LogContents {
  const [events, rejections]: [UsageEvent[], Rejection[]] = [[], []];
  const taker = {
    event: (each: UsageEvent) => events.push(each),
    rejection: (each: Rejection) => rejections.push(each),
  };
  const skipped = eachRecord(text, source, intake, taker);
  return { events, rejections, skipped };
}

/**
 * Reads the text of a log file, already decompressed: `{"Records": […]}`, an array, one record, EventBridge envelopes
 * in any of these, or one of these a line. What cannot be read is explained with its place, the rest goes on.
 */
export function eachRecord(text: string, source: string, intake: Intake, take: LogTaker): LogContents['skipped'] {
  const reading: Reading = { source, intake: { ...intake, size: text.length }, take, skipped: null };
  const start = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const trimmed = start.trim();
  if (trimmed === '') {
    reject(reading, null, { reason: 'empty-file', detail: 'the file is empty' });
    return null;
  }
  if (isCompact(trimmed)) {
    readCompact(trimmed, reading);
    return null;
  }
  const whole = parseJson(start);
  if (whole !== undefined) readContainer(whole, reading);
  else readLines(start, reading);
  return reading.skipped;
}

interface Reading {
  source: string;
  intake: Intake;
  take: LogTaker;
  skipped: LogContents['skipped'];
}

/** undefined where the text is no JSON, which JSON itself cannot say. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const [head, between, tail] = ['{"Records":[', '},{"eventVersion":', '}]}'];

/** As CloudTrail writes its files: on one line, without spaces. */
const isCompact = (text: string): boolean => text.startsWith(head) && text.endsWith(tail) && !text.includes('\n');

/**
 * Reads the records one by one: parsed all at once, those of a large file outgrow the processor's caches and keep the
 * garbage collector busy for longer than the rest of the fold takes. The cuts are safe. No JSON text holds `between`,
 * since its quote would end the text; and by JSON's grammar, where every piece is JSON by itself, the pieces are the
 * list. Where one is not (a record holds a list of such objects, or the file is broken), the file is parsed as a whole.
 */
function readCompact(text: string, reading: Reading): void {
  const end = text.length - tail.length + 1;
  for (let [index, from] = [0, head.length]; from < end; index++) {
    const cut = text.indexOf(between, from);
    const to = cut === -1 ? end : cut + 1;
    const record = parseJson(text.slice(from, to));
    if (record === undefined) {
      readRest(text, index, reading);
      return;
    }
    reading.intake.size = to - from;
    readOne(record, index, reading);
    from = to + 1;
  }
}

/** What comes after the first `done` records, which were taken. */
function readRest(text: string, done: number, reading: Reading): void {
  reading.intake.size = text.length;
  const records = recordsIn(parseJson(text));
  if (records !== null) readList(records, reading, done);
  else if (done > 0) reject(reading, done, { reason: 'not-json', detail: `not JSON from record ${done + 1} on` });
  else reject(reading, null, notJson(text));
}

function readContainer(value: unknown, reading: Reading): void {
  const records = recordsIn(value);
  if (records !== null) readList(records, reading);
  else if (isDigest(value)) reading.skipped = 'digest';
  else readOne(value, null, reading);
}

/** The list in an array or in `{"Records": […]}`; null where the value is neither. */
function recordsIn(value: unknown): readonly unknown[] | null {
  const list = Array.isArray(value) ? value : objectOf(value)?.Records;
  return Array.isArray(list) ? list : null;
}

function readList(records: readonly unknown[], reading: Reading, from = 0): void {
  for (let index = from; index < records.length; index++) readOne(records[index], index, reading);
}

function readOne(value: unknown, index: number | null, reading: Reading): void {
  const { intake } = reading;
  // Where the way names the account, an envelope that names its own has no business.
  const enveloped = intake.account === null && isEnvelope(value);
  const result = enveloped ? parseEnvelope(value, intake) : parseRecord(value, intake);
  if (result.ok) reading.take.event(result.value, value);
  else reject(reading, index, result.error);
}

/** A broken file of many lines is one rejection; a log of lines that holds broken ones is one for each of those. */
function readLines(text: string, reading: Reading): void {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), index }));
  const filled = lines.filter(({ line }) => line !== '');
  if (!isObjectText(filled[0]!.line) && !isObjectText(filled.at(-1)!.line)) {
    reject(reading, null, notJson(text));
    return;
  }
  for (const { line, index } of filled) {
    const value = parseJson(line);
    const records = recordsIn(value);
    reading.intake.size = line.length;
    if (value === undefined) reject(reading, index, { reason: 'not-json', detail: `line ${index + 1} is not JSON` });
    else if (records !== null) readList(records, reading);
    else readOne(value, index, reading);
  }
}

const isObjectText = (line: string): boolean => {
  const value = parseJson(line);
  return Array.isArray(value) || objectOf(value) !== null;
};

/** CloudTrail's digest files list the log files of an hour with their hashes. */
function isDigest(value: unknown): boolean {
  const fields = objectOf(value);
  return typeof fields?.digestStartTime === 'string' && Array.isArray(fields.logFiles);
}

const notJson = (text: string): Refused => ({
  reason: 'not-json',
  detail: `not JSON: begins with ${JSON.stringify(text.trimStart().slice(0, 20))}`,
});

function reject(reading: Reading, index: number | null, refused: Refused): void {
  reading.take.rejection({ ...refused, place: { source: reading.source, index } });
}
