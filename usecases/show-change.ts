import { isUnopened, waitsToBeOpened, weekOf } from '../core/changes/backlog.ts';
import type { Change } from '../core/changes/change.ts';
import type { LoanHistory } from '../core/leases/difference.ts';
import type { SlackViews } from './ports/slack-views.ts';
import { showMessage } from './show-message.ts';
import { type Deps as TellDeps, tellOn } from './tell-deciders.ts';

export interface Deps extends TellDeps {
  /** What whoever is to get a loan had of it before; asked while it waits for a decision. Absent: nobody is told. */
  loanHistory?(change: Change): Promise<LoanHistory | undefined>;
  views: Pick<SlackViews, 'change' | 'backlog' | 'trialEnd'> & TellDeps['views'];
}

/** How many changes are looked through for a week's backlog. */
const backlogDepth = 500;

/**
 * Shows a change as it is stored now: in its week's backlog where it came from there, in a message of its own once
 * somebody opened it. The end of a trial is told in that message's thread, where whoever follows it hears of it.
 */
export const showChange =
  (deps: Deps) =>
  async (id: string): Promise<void> => {
    const change = await deps.changes.find(id);
    if (change === undefined) return;
    if (change.backlog) {
      const week = weekOf(change.plannedAt);
      const key = `backlog/${week}`;
      await showMessage(deps)(key, () => backlogOf(deps, week, key));
    }
    if (isUnopened(change)) return;
    const key = `change/${id}`;
    await showMessage(deps)(key, async () => {
      const now = await deps.changes.find(id);
      return now && deps.views.change(now, now.state === 'planned' ? await deps.loanHistory?.(now) : undefined);
    });
    if (change.ended) await tellEnd(deps, key, change);
    await tellOn(deps, change);
  };

/** A list of nothing to open is not posted; one that stands already says what became of each. */
async function backlogOf({ changes, views, messages }: Deps, week: string, key: string) {
  const all = await changes.list(backlogDepth);
  const listed = all.filter(({ backlog, plannedAt }) => backlog !== undefined && weekOf(plannedAt) === week);
  if (!listed.some(waitsToBeOpened) && (await messages.find(key)) === undefined) return undefined;
  return views.backlog(week, listed);
}

async function tellEnd(deps: Deps, key: string, change: Change): Promise<void> {
  const root = await deps.messages.find(key);
  const thread = root?.ts ?? undefined;
  await showMessage({ ...deps, ...(thread && { thread }) })(`${key}/ended`, async () => deps.views.trialEnd(change));
}
