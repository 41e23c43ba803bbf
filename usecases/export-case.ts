import type { Case } from '../core/anomaly/case.ts';
import { asffOf, type Place } from '../core/findings/asff.ts';
import { type Activity, ocsfOf } from '../core/findings/ocsf.ts';
import { dayOf, type Instant } from '../core/time.ts';
import type { FindingFiles, SecurityHub } from './ports/findings.ts';
import type { CaseStore } from './ports/state-stores.ts';

export interface ExportCaseDeps {
  cases: Pick<CaseStore, 'find'>;
  /** null: no files are wanted. */
  files: FindingFiles | null;
  /** null: Security Hub is not wanted. */
  hub: { findings: SecurityHub; place: Place } | null;
  now(): Instant;
}

/**
 * Tells a case as it is stored now to whoever collects findings: a file of one line for each version, and a finding of Security
 * Hub that is updated. Cases of rules on trial are told to nobody. Done twice, it changes nothing.
 */
export const exportCase =
  ({ cases, files, hub, now }: ExportCaseDeps) =>
  async (id: string): Promise<void> => {
    const it = await cases.find(id);
    if (it === undefined || it.level === 'shadow') return;
    await files?.put(keyOf(it), JSON.stringify(ocsfOf(it, activityOf(it))));
    await hub?.findings.tell([asffOf(it, hub.place, { openedAt: it.openedAt, updatedAt: now() })]);
  };

/** By the day on which the case was opened, so that all of its versions lie together. */
const keyOf = ({ id, openedAt, version }: Case): string =>
  `ocsf/${dayOf(openedAt).replaceAll('-', '/')}/${id}-${String(version).padStart(6, '0')}.ndjson`;

function activityOf({ state, version }: Case): Activity {
  if (state === 'superseded' || state === 'expected') return 'close';
  return version === 1 ? 'create' : 'update';
}
