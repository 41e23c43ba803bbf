import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { Instant } from '../../core/time.ts';
import type { Rejection, UsageEvent } from '../../core/usage/event.ts';
import { eachRecord, type LogContents, type LogTaker } from '../../core/usage/log.ts';
import { type Intake, latestFor, type Refused } from '../../core/usage/parse.ts';
import { textIn } from './unzip.ts';

/** A path on the command line that is not there: wrong usage, not bad input. */
export class NoSuchPath extends Error {
  constructor(path: string) {
    super(`${path}: no such file or folder`);
    this.name = 'NoSuchPath';
  }
}

export interface ReadOptions {
  now: Instant;
  /** From before the watch began: joins the ledger, is never scored. */
  historic?: boolean;
  /** Names what is not read and why. */
  onSkip?(path: string, why: string): void;
  onProgress?(done: number, total: number): void;
}

export interface LogFile extends LogContents {
  /** The path; `-` is what stands on standard input. */
  source: string;
}

/** A file that was read and not yet taken apart. */
export interface OpenLog {
  source: string;
  /** Hands over its records one by one. */
  each(take: LogTaker): void;
}

const logName = /\.(?:json|jsonl|ndjson)(?:\.gz)?$/i;
const besides = /[/\\]CloudTrail-(?:Digest|Insight)[/\\]/;

/**
 * Opens CloudTrail logs from files, folders and `-`, one file at a time, in an order that depends on the names alone.
 * Throws NoSuchPath before anything is read. The operator named the files, so they are trusted by the operator.
 */
export async function* openLogs(paths: readonly string[], options: ReadOptions): AsyncGenerator<OpenLog> {
  const found = await findFiles(paths, options);
  const intake: Intake = {
    trust: 'trusted-by-operator',
    historic: options.historic ?? false,
    latest: latestFor(options.now),
    account: null,
  };
  for (const [done, file] of found.entries()) {
    options.onProgress?.(done, found.length);
    yield typeof file === 'string' ? await openLog(file, intake, options) : file;
  }
  options.onProgress?.(found.length, found.length);
}

/** The same, each file whole. */
export async function* readCloudTrail(paths: readonly string[], options: ReadOptions): AsyncGenerator<LogFile> {
  for await (const log of openLogs(paths, options)) {
    const [events, rejections]: [UsageEvent[], Rejection[]] = [[], []];
    log.each({ event: (each) => events.push(each), rejection: (each) => rejections.push(each) });
    yield { source: log.source, events, rejections, skipped: null };
  }
}

async function openLog(source: string, intake: Intake, options: ReadOptions): Promise<OpenLog> {
  const text = textIn(source === '-' ? await standardInput() : await readFile(source));
  if (!text.ok) return rejected(source, text.error);
  return {
    source,
    each: (take) => {
      const skipped = eachRecord(text.value, source, intake, take);
      if (skipped !== null) options.onSkip?.(source, `a ${skipped} file`);
    },
  };
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const rejected = (source: string, refused: Refused): OpenLog => ({
  source,
  each: (take) => take.rejection({ ...refused, place: { source, index: null } }),
});

/** Files to read, and what stands for folders that hold none. */
async function findFiles(paths: readonly string[], options: ReadOptions): Promise<readonly (string | OpenLog)[]> {
  const folders = await Promise.all(paths.map(isFolder));
  const found: (string | OpenLog)[] = [];
  for (const [i, path] of paths.entries()) {
    if (!folders[i]) {
      found.push(path);
      continue;
    }
    const inside = await filesIn(path, options);
    const none = rejected(path, { reason: 'empty-file', detail: 'the folder holds no .json, .jsonl or .ndjson file' });
    found.push(...(inside.length === 0 ? [none] : inside));
  }
  return found;
}

async function isFolder(path: string): Promise<boolean> {
  if (path === '-') return false;
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw new NoSuchPath(path);
    throw cause;
  }
}

async function filesIn(folder: string, options: ReadOptions): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return paths.sort().filter((path) => {
    const why = reasonToSkip(path);
    if (why !== null) options.onSkip?.(path, why);
    return why === null;
  });
}

function reasonToSkip(path: string): string | null {
  if (!logName.test(basename(path))) return 'not a log by its name';
  return besides.test(`${sep}${path}`) ? 'a file that CloudTrail writes beside its logs' : null;
}
