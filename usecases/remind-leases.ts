import type { Lease } from '../core/leases/lease.ts';
import { type Instant, plusSeconds, secondsOf } from '../core/time.ts';
import type { SlackViews } from './ports/slack-views.ts';
import type { LeaseStore } from './ports/state-stores.ts';
import { type Deps as MessageDeps, showMessage } from './show-message.ts';

export interface Deps extends MessageDeps {
  leases: Pick<LeaseStore, 'due' | 'find'>;
  views: Pick<SlackViews, 'leaseEnding'>;
}

/** Seconds before its end, and how long a lease must be for a reminder to be worth a message. */
const before = 900;
const worthwhile = 2 * before;
/** More than end in a quarter of an hour; those beyond are reminded five minutes later. */
const atOnce = 200;

/** Under which key the reminder of a lease is kept; it is posted once, whoever asks again. */
export const endingKey = (lease: string): string => `lease/${lease}/ending`;

/** Tells everybody whose access ends within a quarter of an hour, in the thread of its message. */
export const remindLeases = (deps: Deps) => async (): Promise<void> => {
  const now = deps.now();
  const due = await deps.leases.due(plusSeconds(now, before), atOnce);
  for (const lease of due.filter((it) => isEnding(it, now))) await tellEnding(deps, lease.id);
};

const isEnding = ({ state, startsAt, endsAt }: Lease, now: Instant): boolean =>
  state === 'active' && endsAt > now && secondsOf(endsAt) - secondsOf(startsAt) >= worthwhile;

/** Shows the reminder as it is now: with its buttons while the lease is active, without them after. */
export async function tellEnding(deps: Deps, id: string): Promise<void> {
  const thread = (await deps.messages.find(`lease/${id}`))?.ts ?? undefined;
  await showMessage({ ...deps, ...(thread && { thread }) })(endingKey(id), async () => {
    const lease = await deps.leases.find(id);
    return lease && deps.views.leaseEnding(lease);
  });
}
