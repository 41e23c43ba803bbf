import { type SealAuditDeps, type Sealing, sealAudit } from '../../usecases/seal-audit.ts';

export interface Deps extends SealAuditDeps {
  /** A chain that no longer holds as it was signed. */
  broken(what: string): void;
}

/** Called by the clock. Fails where a chain is broken, after everything else was sealed. */
export const sealAuditHandler = (deps: Deps) => async (): Promise<Sealing> => {
  const sealing = await sealAudit(deps)();
  for (const what of sealing.broken) deps.broken(what);
  if (sealing.broken.length > 0) throw new Error(`${sealing.broken.length} places of the audit are not as they were`);
  return sealing;
};
