import type { Lease } from '../core/leases/lease.ts';
import { type Instant, secondsOf } from '../core/time.ts';
import { insist } from './insist.ts';
import type { LeaseStore } from './ports/state-stores.ts';
import { type RevokeLeaseDeps, revokeLease } from './revoke-lease.ts';

export type SweepLeasesDeps = Omit<RevokeLeaseDeps, 'leases'> & {
  leases: Pick<LeaseStore, 'find' | 'commit' | 'due' | 'settling'>;
};

/** What one sweep did; `lag` is the longest time, in seconds, that access was left after its end. */
export interface Swept {
  revoked: readonly string[];
  failed: readonly Failure[];
  lag: number;
}

interface Failure {
  lease: string;
  detail: string;
  attempts: number;
}

/** A lease is on its way for as long; after that whatever carried it out has died. */
const onItsWay = 600;
const atOnce = 100;
/** Times that what failed is tried once more before the sweep ends. */
const rounds = 2;
/** Times that a list is asked for: without it the whole sweep comes to nothing. */
const often = 5;
/** Seconds after which a sweep leaves the rest to the next one, before it is cut off. */
const longEnough = 80;
/** Seconds after which what failed is not tried again at once. */
const slow = 5;
const by = 'sweep-leases';

/**
 * The last line of revocation: takes back what has ended, what was never confirmed and what is half taken back, whether
 * or not its schedule ever fired; and looks once more at what was revoked, until it is closed. Only leases in the store
 * are touched. One that fails does not stop the others, and is tried again behind them: the next sweep is far.
 */
export const sweepLeases = (deps: SweepLeasesDeps) => async (): Promise<Swept> => {
  const from = deps.now();
  const isTired = () => secondsOf(deps.now()) - secondsOf(from) > longEnough;
  const revoked: string[] = [];
  const { again, lag } = await revokeDue(deps, from, revoked, isTired);
  let left = again;
  for (let round = 0; round < rounds && left.length > 0 && !isTired(); round += 1)
    left = await revokeAgain(deps, from, left, revoked, isTired);
  const failed = left.map(({ lease, detail }) => ({ lease: lease.id, detail, attempts: lease.attempts + 1 }));
  for (const { id, attempts } of await lastGoneFirst(deps)) {
    if (isTired()) break;
    const fault = await attempt(deps, () => revokeLease(deps)({ lease: id, reason: 'in-doubt', by, again: true }));
    if (fault !== undefined) failed.push({ lease: id, detail: fault, attempts });
  }
  return { revoked, failed, lag };
};

/** A late writer is late by minutes; what is not closed for longer must not stand before what was just taken back. */
const lastGoneFirst = async ({ leases }: SweepLeasesDeps): Promise<readonly Lease[]> =>
  (await insist(() => leases.settling(Number.POSITIVE_INFINITY), often)).toReversed();

/** A lease that was tried, and why it is not revoked. */
interface Left {
  lease: Lease;
  detail: string;
}

async function revokeDue(deps: SweepLeasesDeps, from: Instant, revoked: string[], isTired: () => boolean) {
  const again: Left[] = [];
  let lag = 0;
  for await (const lease of allDue(deps, from)) {
    if (isOnItsWay(lease, from)) continue;
    const fault = await attempt(deps, revocationOf(deps, lease, from));
    if (fault === undefined) revoked.push(lease.id);
    else again.push({ lease, detail: fault });
    lag = Math.max(lag, secondsOf(from) - secondsOf(lease.endsAt));
    if (isTired()) break;
  }
  return { again, lag };
}

async function revokeAgain(
  deps: SweepLeasesDeps,
  from: Instant,
  left: readonly Left[],
  revoked: string[],
  isTired: () => boolean,
) {
  const again: Left[] = [];
  for (const { lease, detail } of left) {
    const fault = isTired() ? detail : await attempt(deps, revocationOf(deps, lease, from), 2);
    if (fault === undefined) revoked.push(lease.id);
    else again.push({ lease, detail: fault });
  }
  return again;
}

const revocationOf = (deps: SweepLeasesDeps, lease: Lease, now: Instant) => () =>
  revokeLease(deps)({ lease: lease.id, reason: now >= lease.endsAt ? 'ended' : 'in-doubt', by });

/** Each lease that is due, once; those that are still due after they were tried do not hide those behind them. */
async function* allDue({ leases }: SweepLeasesDeps, now: Instant): AsyncGenerator<Lease> {
  const seen = new Set<string>();
  for (;;) {
    const page = await insist(() => leases.due(now, atOnce + seen.size), often);
    const fresh = page.filter(({ id }) => !seen.has(id));
    if (fresh.length === 0) return;
    for (const lease of fresh) {
      seen.add(lease.id);
      yield lease;
    }
  }
}

const isOnItsWay = ({ state, startsAt, endsAt }: Lease, now: Instant): boolean =>
  (state === 'prepared' || state === 'provisioning') && now < endsAt && secondsOf(now) - secondsOf(startsAt) < onItsWay;

/** Gives the fault. What failed slowly has waited already, and is not tried again before the others. */
async function attempt(
  { now }: Pick<SweepLeasesDeps, 'now'>,
  work: () => Promise<unknown>,
  times?: number,
): Promise<string | undefined> {
  const from = secondsOf(now());
  try {
    await insist(work, times, () => secondsOf(now()) - from < slow);
    return undefined;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}
