import { type VerifiedLeases, type VerifyLeasesDeps, verifyLeases } from '../../usecases/verify-leases.ts';

export interface Deps extends VerifyLeasesDeps {
  /** Leases that something made under them holds open, as many as there are now. */
  held(leases: number): void;
  failed(place: string, fault: unknown): void;
}

/** Called by the clock. Fails when a lease could not be looked at, after all the others were. */
export const verifyLeasesHandler = (deps: Deps) => async (): Promise<VerifiedLeases> => {
  const looked = await verifyLeases(deps)();
  deps.held(looked.held.length);
  for (const { lease, detail } of looked.failed) deps.failed(`lease ${lease}`, detail);
  if (looked.failed.length > 0) throw new Error(`${looked.failed.length} leases could not be verified`);
  return looked;
};
