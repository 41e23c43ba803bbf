import type { Person } from '../core/approvals/rules.ts';
import type { Signer } from '../core/enrolment/caller.ts';
import {
  type EnrolmentRefusal,
  enrolled,
  enrolmentDenied,
  enrolmentRefused,
  nobodyEnrolled,
  type Registry,
  registryId,
} from '../core/enrolment/registry.ts';
import type { ActorId } from '../core/identity/principal.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { EnrolmentStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface EnrollDeps {
  enrolments: EnrolmentStore;
  /** Of the configuration, without those who are enrolled. */
  seeds(): Promise<readonly Person[]>;
  now(): Instant;
}

export interface EnrollRequest {
  team: string;
  user: string;
  signer: Signer;
  actors: readonly ActorId[];
}

/** Binds a Slack account to the identity that it proved to be; it counts a day later, unless somebody refuses it. */
export const enroll =
  ({ enrolments, seeds, now }: EnrollDeps) =>
  ({ team, user, signer, actors }: EnrollRequest): Promise<Result<Registry, EnrolmentRefusal>> =>
    whenStale(async () => {
      const stored = await enrolments.find(registryId);
      const registry = stored ?? nobodyEnrolled;
      const name =
        signer.kind === 'identity-center' ? signer.userName : signer.arn.slice(signer.arn.lastIndexOf('/') + 1);
      const asking = { team, user, name, actors, arn: signer.arn };
      // Its second delivery asks nothing new.
      const known = registry.enrolments.find((it) => it.team === team && it.user === user && it.refusedBy === null);
      if (known?.actors.every((actor) => actors.includes(actor))) return ok(registry);
      const made = enrolled(registry, asking, await seeds(), now());
      const { after, events } = made.ok ? made.value : enrolmentDenied(registry, asking, made.error, now());
      await enrolments.commit(stored, after, events);
      return made.ok ? ok(after) : made;
    });

export interface EnrolmentAnswer {
  team: string;
  user: string;
  /** Person id. */
  by: string;
}

/** Somebody known says that an enrolment is not so. Taking a binding away needs no decision: it gives nobody anything. */
export const refuseEnrolment =
  ({ enrolments, now }: Pick<EnrollDeps, 'enrolments' | 'now'>) =>
  ({ team, user, by }: EnrolmentAnswer): Promise<Result<Registry, 'no-such-enrolment'>> =>
    whenStale(async () => {
      const stored = await enrolments.find(registryId);
      const step = stored && enrolmentRefused(stored, { team, user }, by, now());
      if (step === undefined) return fail('no-such-enrolment');
      await enrolments.commit(stored, step.after, step.events);
      return ok(step.after);
    });
