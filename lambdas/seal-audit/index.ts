import { auditArchive } from '../../adapters/aws/audit-archive.ts';
import { manifestArchive } from '../../adapters/aws/manifest-archive.ts';
import { bucket, now, signer } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { sealAuditHandler } from './handler.ts';

export const handler = entry(env, (environment, { logger, count }) => {
  const audit = bucket(environment.AUDIT_BUCKET);
  const key = signer(environment.AUDIT_KEY);
  return sealAuditHandler({
    archive: auditArchive(audit),
    manifests: manifestArchive(audit),
    signer: key,
    verifier: key,
    broken: (place) => logger.error('not as it was signed', { place }),
    count,
    now,
  });
});
