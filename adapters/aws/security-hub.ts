import { BatchImportFindingsCommand, type SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { SecurityHub } from '../../usecases/ports/findings.ts';

/** What one call takes. */
const atOnce = 100;

/** Security Hub's own API. It answers in detail which findings it did not take: then nothing counts as told. */
export const securityHub = (client: SecurityHubClient): SecurityHub => ({
  async tell(findings) {
    for (let at = 0; at < findings.length; at += atOnce) {
      const Findings = findings.slice(at, at + atOnce).map((finding) => ({ ...finding }));
      const { FailedCount = 0, FailedFindings = [] } = await client.send(
        new BatchImportFindingsCommand({ Findings: Findings as never }),
      );
      if (FailedCount === 0) continue;
      const why = FailedFindings.map(({ Id, ErrorCode, ErrorMessage }) => `${Id}: ${ErrorCode} ${ErrorMessage}`);
      throw new Error(`Security Hub did not take ${FailedCount} findings: ${why.join('; ')}`);
    }
  },
});
