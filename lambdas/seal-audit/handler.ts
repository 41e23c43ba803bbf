import { type SealAuditDeps, type Sealing, sealAudit } from '../../usecases/seal-audit.ts';

export interface Deps extends SealAuditDeps {
  /** Metric of the namespace Leastwise: places of the audit that are not as they were signed. */
  count(metric: 'BrokenAudit', by: number): void;
  /** One such place. */
  broken(place: string): void;
}

/** Called by the clock. What is broken is told, once everything else is sealed. */
export const sealAuditHandler = (deps: Deps) => async (): Promise<Sealing> => {
  const sealing = await sealAudit(deps)();
  deps.count('BrokenAudit', sealing.broken.length);
  for (const place of sealing.broken) deps.broken(place);
  return sealing;
};
