import type { AuditHead } from '../audit/event.ts';

/** The two switches over everything. A new deployment only observes. */
export interface Settings {
  v: 1;
  version: number;
  /** Accounts in which changes may be applied. */
  applying: readonly string[];
  /** True: nothing is changed but revocations. */
  killed: boolean;
  audit: AuditHead;
}

/** There is one row of them. */
export const settingsId = 'settings';
