import { escalation, reviewersOf } from '../core/approvals/emergency.ts';
import { isUnopened } from '../core/changes/backlog.ts';
import type { Change } from '../core/changes/change.ts';
import { matterOf } from '../core/changes/decided.ts';
import { isReviewDue } from '../core/changes/digest.ts';
import type { Configuration } from '../core/configuration.ts';
import type { Instant } from '../core/time.ts';
import type { SlackViews } from './ports/slack-views.ts';
import type { ChangeStore } from './ports/state-stores.ts';
import { type Deps as MessageDeps, showMessage } from './show-message.ts';

export interface Deps extends MessageDeps {
  changes: Pick<ChangeStore, 'find' | 'list'>;
  views: Pick<SlackViews, 'escalation' | 'emergency' | 'reviewDue'>;
  configuration: Pick<Configuration, 'rules' | 'people' | 'groups' | 'onCall' | 'confirmAbove' | 'standing'>;
}

const atOnce = 1000;

/**
 * Calls by name, once, everybody who could still decide what waits for half of its time, and everybody who could review
 * what was taken in an emergency. The store keeps one message a matter, so a crash tells nobody twice.
 */
export const tellDeciders = (deps: Deps) => async (): Promise<void> => {
  for (const change of await deps.changes.list(atOnce)) {
    if (waitingFor(deps, change).length > 0) await tellEscalation(deps, change);
    if (isHalfOver(change, deps.now())) await tellReview(deps, change);
  }
};

/** What has been told of this change besides its own message, brought up to what is stored now. */
export async function tellOn(deps: Deps, change: Change): Promise<void> {
  if (change.review) await showMessage(deps)(emergencyKey(change), () => viewOf(deps, change, deps.views.emergency));
  if (await stands(deps, escalationKey(change))) await tellEscalation(deps, change);
  if (await stands(deps, reviewKey(change))) await tellReview(deps, change);
}

const emergencyKey = ({ id }: Change): string => `change/${id}/emergency`;
const reviewKey = ({ id }: Change): string => `change/${id}/review`;
/** A plan and each request for its undo are matters of their own, of which the later one follows the earlier. */
const escalationKey = ({ id, undo }: Change): string => `change/${id}/escalation${undo === null ? '' : `/${undo.at}`}`;

const stands = async ({ messages }: Deps, key: string): Promise<boolean> => (await messages.find(key)) !== undefined;

function waitingFor({ configuration, now }: Deps, change: Change): readonly string[] {
  const since = change.state === 'undo-planned' && change.undo ? change.undo.at : change.plannedAt;
  return isUnopened(change) ? [] : escalation(matterOf(change), since, now(), configuration);
}

function isHalfOver(change: Change, now: Instant): boolean {
  if (!change.review || !isReviewDue(change) || change.approvedAt === null) return false;
  return Date.parse(now) >= (Date.parse(change.approvedAt) + Date.parse(change.review.due)) / 2;
}

const tellEscalation = (deps: Deps, change: Change): Promise<void> =>
  inThread(deps, `change/${change.id}`, escalationKey(change), () =>
    viewOf(deps, change, (now) => deps.views.escalation(now, waitingFor(deps, now))),
  );

const tellReview = (deps: Deps, change: Change): Promise<void> =>
  inThread(deps, emergencyKey(change), reviewKey(change), () =>
    viewOf(deps, change, (now) =>
      deps.views.reviewDue(now, reviewersOf(matterOf(now), deps.now(), deps.configuration)),
    ),
  );

async function inThread(deps: Deps, root: string, key: string, view: Parameters<ReturnType<typeof showMessage>>[1]) {
  const thread = (await deps.messages.find(root))?.ts ?? undefined;
  await showMessage({ ...deps, ...(thread && { thread }) })(key, view);
}

async function viewOf<T>({ changes }: Deps, { id }: Change, view: (change: Change) => T): Promise<T | undefined> {
  const now = await changes.find(id);
  return now && view(now);
}
