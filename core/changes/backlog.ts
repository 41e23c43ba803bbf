import { dayAt, dayNumber, dayOf, type Instant, plusSeconds } from '../time.ts';
import type { Change } from './change.ts';
import { type Step, stepOf } from './step.ts';

/** How long a proposal waits in the backlog before it is made anew from newer data, in hours. */
export const backlogHours = 8 * 24;

/** Whether the proposal waits in the backlog and was shown to nobody by itself. */
export const isUnopened = ({ backlog }: Pick<Change, 'backlog'>): boolean => backlog !== undefined && !backlog.opened;

/** Whether somebody may still open it. */
export const waitsToBeOpened = (change: Pick<Change, 'backlog' | 'state'>): boolean =>
  isUnopened(change) && change.state === 'planned';

/** Somebody wants to decide about it: from now on it has its own message, and the usual time. */
export function openedBy(change: Change, by: string, at: Instant, decideWithinHours: number): Step<Change> | undefined {
  if (!waitsToBeOpened(change)) return undefined;
  const patch = { backlog: { opened: { by, at } }, decideBy: plusSeconds(at, decideWithinHours * 3600) };
  return stepOf(change, patch, { type: 'change.opened', at, by });
}

/** The ISO week, like `2026-W47`: its backlog is one message. */
export function weekOf(at: Instant): string {
  const number = dayNumber(dayOf(at));
  // 1970-01-01 was a Thursday, and a week belongs to the year of its Thursday.
  const thursday = number - ((number + 3) % 7) + 3;
  const year = dayAt(thursday).slice(0, 4);
  const first = dayNumber(`${year}-01-01` as ReturnType<typeof dayAt>);
  return `${year}-W${String(Math.floor((thursday - first) / 7) + 1).padStart(2, '0')}`;
}
