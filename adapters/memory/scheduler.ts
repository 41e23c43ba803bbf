import type { Instant } from '../../core/time.ts';
import type { Scheduler } from '../../usecases/ports/scheduler.ts';

export interface MemoryScheduler extends Scheduler {
  /** Fires what is due up to and including `to`, in order of time; a schedule is gone once its target has resolved. */
  advance(to: Instant): Promise<void>;
  /** Schedules still waiting, earliest first. */
  waiting(): readonly { lease: string; at: Instant }[];
}

/**
 * One-time schedules driven by whoever holds the clock. `fire` is the target; when it throws, the schedule stays and
 * `advance` throws: the caller may advance again, as the service retries.
 */
export function memoryScheduler(fire: (lease: string, at: Instant) => Promise<void>): MemoryScheduler {
  const schedules = new Map<string, Instant>();
  const waiting = () =>
    [...schedules]
      .map(([lease, at]) => ({ lease, at }))
      .sort((a, b) => (`${a.at} ${a.lease}` < `${b.at} ${b.lease}` ? -1 : 1));
  return {
    waiting,
    revokeAt: async (lease, at) => {
      schedules.set(lease, at);
    },
    cancel: async (lease) => {
      schedules.delete(lease);
    },
    async advance(to) {
      for (let next = waiting()[0]; next !== undefined && next.at <= to; next = waiting()[0]) {
        await fire(next.lease, next.at);
        if (schedules.get(next.lease) === next.at) schedules.delete(next.lease);
      }
    },
  };
}
