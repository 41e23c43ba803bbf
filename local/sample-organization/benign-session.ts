import type { SampleRecord } from './record.ts';

/** One spell of one caller's work. */
export interface BenignSession {
  /** Who works, over all sessions the same: `person/…`, `pipeline/…`, `machine/…`, `job/…` or `tester/…`. */
  host: string;
  /** `routine`, or what made the day unlike others. */
  kind: string;
  records: readonly SampleRecord[];
}
