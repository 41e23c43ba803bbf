import type { LastAccessed } from '../../core/rightsizing/last-accessed.ts';

/** IAM's own account of who last tried which service (GenerateServiceLastAccessedDetails and its answer). */
export interface LastAccessedReports {
  /**
   * The newest reports of the principals, by ARN. One whose report is not ready is left out; undefined where the account
   * does not let them be made. Faults are thrown.
   */
  read(account: string, principals: readonly string[]): Promise<LastAccessed | undefined>;
}
