import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textIn } from '../adapters/files/unzip.ts';
import type { FastLane } from '../core/fast-lane/patterns.ts';
import { countShare } from '../core/fast-lane/share.ts';
import type { Instant } from '../core/time.ts';
import { sampleOrganization } from '../local/sample-organization/organization.ts';

type Share = ReturnType<ReturnType<typeof countShare>['widths']>[number];

export interface FastLaneFigures {
  /** null where the log is not there. */
  invictus: readonly Share[] | null;
  sampleOrganization: readonly Share[];
  /** The same, with the roles named that read secrets and parameters all day. */
  withConstantReaders: { readers: number; prompt: Share | undefined };
}

/** A role whose reads of secrets and parameters are more of the trail than this, in per cent, would be named as a constant reader. */
const constantly = 1;

/** What share of a trail the fast lane lets through, at every width. `invictus` is the folder of that log. */
export function fastLaneFigures(invictus: string | null, days = 7): FastLaneFigures {
  const sample = countOver(() => sampleRecords(days));
  const named = sample.readers(100).filter(({ percent }) => percent > constantly);
  const constantReaders = named.map(({ reader }) => reader);
  const narrowed = countOver(() => sampleRecords(days), constantReaders).widths();
  return {
    invictus: invictus === null ? null : countOver(() => recordsIn(invictus)).widths(),
    sampleOrganization: sample.widths(),
    withConstantReaders: { readers: named.length, prompt: narrowed.find(({ width }) => width === 'prompt') },
  };
}

function countOver(records: () => Iterable<unknown>, constantReaders: FastLane['constantReaders'] = []) {
  const share = countShare(constantReaders);
  for (const record of records()) share.add(record);
  return share;
}

function* sampleRecords(days: number): Iterable<unknown> {
  const end = '2026-11-20T17:00:00Z' as Instant;
  for (const { records } of sampleOrganization({ seed: 1, days, end, profile: 'large' }).days()) yield* records;
}

function* recordsIn(folder: string): Iterable<unknown> {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.json.gz'))) {
    const text = textIn(readFileSync(join(folder, name)));
    if (!text.ok) throw new Error(text.error.detail);
    yield* (JSON.parse(text.value) as { Records: unknown[] }).Records;
  }
}
