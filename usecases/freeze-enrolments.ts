import { isApprover } from '../core/approvals/approver.ts';
import { type Confirmation, isConfirmed, needsConfirmation } from '../core/approvals/confirmation.ts';
import type { Refusal } from '../core/approvals/rules.ts';
import { everIdentitiesOf, identitiesOf } from '../core/approvals/same-person.ts';
import { wasRefused } from '../core/audit/refused-clicks.ts';
import type { Configuration } from '../core/configuration.ts';
import { type Freeze, freezeDigest, freezeOf, froze, lifted, liftRefused } from '../core/enrolment/freeze.ts';
import { nobodyEnrolled, type Registry, registryId } from '../core/enrolment/registry.ts';
import type { FederationChange } from '../core/identity/federation-change.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { EnrolmentStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface FreezeDeps {
  enrolments: EnrolmentStore;
  now(): Instant;
}

/** Somebody changed who vouches for the sessions of Identity Center in an account: its enrolments are frozen, and that alarms. */
export const freezeEnrolments =
  ({ enrolments, now }: FreezeDeps) =>
  (change: FederationChange): Promise<void> =>
    whenStale(async () => {
      const stored = await enrolments.find(registryId);
      const step = froze(stored ?? nobodyEnrolled, change, now());
      if (step !== undefined) await enrolments.commit(stored, step.after, step.events);
    });

export interface LiftDeps extends FreezeDeps {
  configuration: Pick<Configuration, 'people' | 'rules' | 'groups' | 'onCall' | 'confirmAbove'>;
}

export interface Lifting {
  account: string;
  /** Person id. */
  by: string;
  /** `freezeDigest` of the freeze as it was shown. */
  digest: string;
  key: string;
  confirmation?: Confirmation;
}

/**
 * An approver of that account who did not make the change says that it was right. It is confirmed like everything of high risk: what it lets in
 * is whoever the account's sessions say they are.
 */
export const liftFreeze =
  ({ enrolments, configuration, now }: LiftDeps) =>
  ({ account, by, digest, key, confirmation }: Lifting): Promise<Result<Registry, Refusal>> =>
    whenStale(async () => {
      const registry = await enrolments.find(registryId);
      const freeze = registry && freezeOf(registry, account);
      if (registry === undefined || freeze === undefined) return fail('not-pending');
      const refusal = refusalOf(freeze, { by, digest, confirmation }, configuration, now());
      if (refusal === undefined) {
        const step = lifted(registry, freeze, by, now());
        await enrolments.commit(registry, step.after, step.events);
        return ok(step.after);
      }
      if (!wasRefused(registry, key)) {
        const step = liftRefused(registry, freeze, refusal, { by, at: now(), key });
        await enrolments.commit(registry, step.after, step.events);
      }
      return fail(refusal);
    });

function refusalOf(
  freeze: Freeze,
  { by, digest, confirmation }: { by: string; digest: string; confirmation: Confirmation | undefined },
  configuration: LiftDeps['configuration'],
  at: Instant,
): Refusal | undefined {
  const { people, confirmAbove } = configuration;
  const person = people.find(({ id }) => id === by);
  if (person === undefined) return 'unknown-person';
  if (person.suspended) return 'suspended';
  if (digest !== freezeDigest(freeze)) return 'digest-mismatch';
  const own = everIdentitiesOf(person, people);
  if (freeze.actors?.some((actor) => own.has(actor))) return 'self-approval';
  if (!isApprover(by, configuration, at, freeze.account)) return 'not-an-approver';
  const confirmed = isConfirmed(confirmation, digest, identitiesOf(person, people));
  return !confirmed && needsConfirmation('high', confirmAbove) ? 'not-confirmed' : undefined;
}
