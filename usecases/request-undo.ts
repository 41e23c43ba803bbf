import { wasRefused } from '../core/audit/refused-clicks.ts';
import type { Change } from '../core/changes/change.ts';
import { askingRefused, undoPlanned } from '../core/changes/decided.ts';
import { trialEnded } from '../core/changes/trial.ts';
import type { Configuration } from '../core/configuration.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type Instant, plusSeconds } from '../core/time.ts';
import type { ChangeStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface RequestUndoDeps {
  changes: Pick<ChangeStore, 'find' | 'commit'>;
  configuration: Pick<Configuration, 'people' | 'decideWithinHours'>;
  now(): Instant;
}

export interface UndoAsking {
  change: string;
  /** Person id. */
  by: string;
  reason: string;
  /** Names the click, so that a second delivery of it does nothing; absent: who asks and what they were told name it. */
  key?: string;
}

/** `is-a-lease`: lent access is ended, not undone, and needs no decision. */
export type UndoAskingRefusal = 'no-such-change' | 'unknown-person' | 'not-verified' | 'is-a-lease';

/**
 * Asks for a restriction to be lifted. Somebody else decides (`decideChange`), except about a trial, whose end was decided
 * with it. Asking again while it waits is no fault.
 */
export const requestUndo =
  (deps: RequestUndoDeps) =>
  (asking: UndoAsking): Promise<Result<Change, UndoAskingRefusal>> =>
    whenStale(() => askOnce(deps, asking));

async function askOnce(
  { changes, configuration, now }: RequestUndoDeps,
  { change: id, by, reason, key: click }: UndoAsking,
): Promise<Result<Change, UndoAskingRefusal>> {
  const change = await changes.find(id);
  if (change === undefined) return fail('no-such-change');
  if (change.state === 'undo-planned' && change.undo?.by === by) return ok(change);
  if (change.state !== 'verified' && change.ended?.by === by) return ok(change);
  const at = now();
  const known = configuration.people.some((person) => person.id === by);
  const ended = known ? trialEnded(change, { by, at, why: 'asked', denials: [] }) : undefined;
  if (ended) {
    await changes.commit(change, ended.after, ended.events);
    return ok(ended.after);
  }
  const decideBy = plusSeconds(at, configuration.decideWithinHours * 3600);
  const step = known ? undoPlanned(change, { by, at, reason, decideBy }) : fail('unknown-person' as const);
  if (step.ok) {
    await changes.commit(change, step.value.after, step.value.events);
    return ok(step.value.after);
  }
  const key = click ?? `undo/${by}/${step.error}`;
  if (!wasRefused(change, key)) {
    const { after, events } = askingRefused(change, { by, at }, step.error, key);
    await changes.commit(change, after, events);
  }
  return step;
}
