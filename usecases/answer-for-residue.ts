import { decide, type Matter } from '../core/approvals/decide.ts';
import type { Refusal } from '../core/approvals/rules.ts';
import { canonicalHash } from '../core/audit/canonical.ts';
import { wasRefused } from '../core/audit/refused-clicks.ts';
import type { Change } from '../core/changes/change.ts';
import { matterOf } from '../core/changes/decided.ts';
import type { Configuration } from '../core/configuration.ts';
import type { Lease, Residue } from '../core/leases/lease.ts';
import { residueAccepted, residueRefused } from '../core/leases/step.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { ChangeStore, LeaseStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface AnswerForResidueDeps {
  leases: Pick<LeaseStore, 'find' | 'commit'>;
  changes: Pick<ChangeStore, 'find'>;
  configuration: Pick<Configuration, 'rules' | 'people'>;
  now(): Instant;
}

export interface ResidueAnswer {
  lease: string;
  /** Person id. */
  by: string;
  reason: string;
  /** What was shown, or its digest as a button carries it; what was found since then is not answered for. */
  residue: readonly Residue[] | { digest: string };
}

/**
 * Somebody answers for what was made under a lease and stays: whoever may approve the loan, so never whoever asked for it
 * or had it. One answer is enough: nothing is given by it, and it stands in the audit.
 */
export const answerForResidue =
  (deps: AnswerForResidueDeps) =>
  (answer: ResidueAnswer): Promise<Result<Lease, 'no-such-lease' | 'nothing-remains' | Refusal>> =>
    whenStale(async () => {
      const { leases, changes, configuration, now } = deps;
      const lease = await leases.find(answer.lease);
      const change = lease && (await changes.find(lease.change));
      if (lease === undefined || change === undefined) return fail('no-such-lease');
      if (lease.residue.length === 0) return fail('nothing-remains');
      const click = {
        by: answer.by,
        verdict: 'approve' as const,
        digest: digestOf(answer.residue),
        at: now(),
      };
      const decided = decide(matterFor(lease, change, click.at), click, configuration);
      if (!decided.ok) {
        const key = canonicalHash({ residue: click.digest, by: click.by });
        if (wasRefused(lease, key)) return decided;
        const step = residueRefused(lease, decided.error, click.at, answer.by, key);
        await leases.commit(lease, step.after, step.events);
        return decided;
      }
      const step = residueAccepted(lease, answer.reason, click.at, answer.by);
      if (step === undefined) return fail('nothing-remains');
      await leases.commit(lease, step.after, step.events);
      return ok(step.after);
    });

/** A button carries the digest alone. */
const digestOf = (residue: ResidueAnswer['residue']): string =>
  'digest' in residue ? residue.digest : canonicalHash(residue);

/**
 * What remains as a matter to decide, under the rules and for the parties of the loan. What was decided beforehand for
 * emergencies is not decided of what they leave behind.
 */
function matterFor(lease: Lease, change: Change, at: Instant): Matter {
  const { emergency: _, ...loan } = matterOf(change);
  return {
    ...loan,
    // Nothing is given by it, so a click is enough, whatever was lent.
    risk: 'low',
    open: true,
    digest: canonicalHash(lease.residue),
    decideBy: at,
    decisions: [],
  };
}
