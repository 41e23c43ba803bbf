import { type EndLeasesDeps, endLeasesOfGone } from '../../usecases/end-leases-of.ts';
import type { OrganizationStore } from '../../usecases/ports/organization-scan.ts';
import { type VerifiedLeases, type VerifyLeasesDeps, verifyLeases } from '../../usecases/verify-leases.ts';

export interface Deps extends VerifyLeasesDeps, Pick<EndLeasesDeps, 'people'> {
  leases: VerifyLeasesDeps['leases'] & EndLeasesDeps['leases'];
  organizations: Pick<OrganizationStore, 'read'>;
  /** Leases that something made under them holds open and that does not end by itself, as many as there are now. */
  held(leases: number): void;
  failed(place: string, fault: unknown): void;
}

/**
 * Called by the clock. Also begins to end what is lent to users whom the last reading of Identity Center did not find: here it
 * is read, and only rows change. Fails when a lease could not be looked at, after all the others were.
 */
export const verifyLeasesHandler = (deps: Deps) => async (): Promise<VerifiedLeases> => {
  await endLeasesOfGone(deps)();
  const looked = await verifyLeases(deps)();
  deps.held(looked.held.filter(({ residue }) => residue.some(({ until }) => until === null)).length);
  for (const { lease, detail } of looked.failed) deps.failed(`lease ${lease}`, detail);
  if (looked.failed.length > 0) throw new Error(`${looked.failed.length} leases could not be verified`);
  return looked;
};
