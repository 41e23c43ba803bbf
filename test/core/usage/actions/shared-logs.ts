import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Instant } from '../../../../core/time.ts';
import type { UsageEvent } from '../../../../core/usage/event.ts';
import { latestFor, parseRecord } from '../../../../core/usage/parse.ts';

const root = join(import.meta.dirname, '../../../../../shared/data/cloudtrail');
const intake = {
  trust: 'trusted-by-operator',
  historic: false,
  latest: latestFor('2030-01-01T00:00:00Z' as Instant),
  account: null,
} as const;

/** The accepted events of a set of public logs beside this checkout; undefined (and said so) where they are absent. */
export function eventsOf(set: 'invictus' | 'stratus' | 'otrf' | 'eventbridge'): readonly UsageEvent[] | undefined {
  const folder = join(root, set);
  if (!existsSync(folder)) {
    console.warn(`Not checked: the public logs in ../shared/data/cloudtrail/${set} are not on this machine.`);
    return undefined;
  }
  return readdirSync(folder)
    .filter((name) => /\.(json|jsonl|ndjson)(\.gz)?$/.test(name))
    .sort()
    .flatMap((name) => recordsOf(join(folder, name)))
    .map((record) => parseRecord(record, intake))
    .flatMap((result) => (result.ok ? [result.value] : []));
}

function recordsOf(file: string): unknown[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return isLines(text) ? text.trim().split('\n').flatMap(unpack) : unpack(text);
}

function isLines(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

function unpack(text: string): unknown[] {
  const value = JSON.parse(text);
  if (Array.isArray(value)) return value;
  return value.Records ?? [value.detail ?? value];
}
