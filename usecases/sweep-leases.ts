import type { Lease } from '../core/leases/lease.ts';
import { closed } from '../core/leases/step.ts';
import { type Instant, secondsOf } from '../core/time.ts';
import type { LeaseStore } from './ports/state-stores.ts';
import { type RevokeLeaseDeps, revokeLease } from './revoke-lease.ts';

export type SweepLeasesDeps = Omit<RevokeLeaseDeps, 'leases'> & {
  leases: Pick<LeaseStore, 'find' | 'commit' | 'due' | 'list'>;
};

/** What one sweep did; `lag` is the longest time, in seconds, that access was left after its end. */
export interface Swept {
  revoked: readonly string[];
  closed: readonly string[];
  failed: readonly { lease: string; detail: string; attempts: number }[];
  lag: number;
}

/** A lease is on its way for as long; after that whatever carried it out has died. */
const onItsWay = 600;
const atOnce = 100;
const by = 'sweep-leases';

/**
 * The last line of revocation: takes back what has ended, what was never confirmed and what is half taken back, whether
 * or not its schedule ever fired; and looks once more at what was revoked, until its end has passed. Only leases in
 * the store are touched. One that fails does not stop the others.
 */
export const sweepLeases = (deps: SweepLeasesDeps) => async (): Promise<Swept> => {
  const now = deps.now();
  const due = (await deps.leases.due(now, atOnce)).filter((lease) => !isOnItsWay(lease, now));
  const over = (await deps.leases.list(10 * atOnce)).filter(({ state }) => state === 'revoked');
  const revoked: string[] = [];
  const closedNow: string[] = [];
  const failed: { lease: string; detail: string; attempts: number }[] = [];
  let lag = 0;
  for (const lease of due) {
    const fault = await attempt(() => revokeLease(deps)({ lease: lease.id, reason: reasonOf(lease, now), by }));
    if (fault === undefined) revoked.push(lease.id);
    else failed.push({ lease: lease.id, detail: fault, attempts: lease.attempts + 1 });
    lag = Math.max(lag, secondsOf(now) - secondsOf(lease.endsAt));
  }
  for (const lease of over) {
    const fault = await attempt(() => lookAgain(deps, lease, now, closedNow));
    if (fault !== undefined) failed.push({ lease: lease.id, detail: fault, attempts: lease.attempts });
  }
  return { revoked, closed: closedNow, failed, lag };
};

const isOnItsWay = ({ state, startsAt, endsAt }: Lease, now: Instant): boolean =>
  state === 'prepared' && now < endsAt && secondsOf(now) - secondsOf(startsAt) < onItsWay;

const reasonOf = (lease: Lease, now: Instant) => (now >= lease.endsAt ? 'ended' : 'in-doubt');

async function lookAgain(deps: SweepLeasesDeps, { id }: Lease, now: Instant, closedNow: string[]): Promise<void> {
  const looked = await revokeLease(deps)({ lease: id, reason: 'in-doubt', by, again: true });
  if (!looked.ok || looked.value.state !== 'revoked' || now < looked.value.endsAt) return;
  const step = closed(looked.value, now, by);
  await deps.leases.commit(looked.value, step.after, step.events);
  closedNow.push(id);
}

async function attempt(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}
