import type { Instant } from '../../core/time.ts';

/** One-time schedules, named; setting the same name again replaces it. They delete themselves once fired. */
export interface Scheduler {
  revokeAt(lease: string, at: Instant): Promise<void>;
  /** Removing one that does not exist is no error. */
  cancel(lease: string): Promise<void>;
}
