import { isApprover } from '../core/approvals/approver.ts';
import { wasRefused } from '../core/audit/refused-clicks.ts';
import type { Configuration } from '../core/configuration.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type Rulebook, rulebookId, ruleSetOf } from '../core/rulebook/rulebook.ts';
import { deployed, objected, objectionRefused, seeded } from '../core/rulebook/step.ts';
import type { Instant } from '../core/time.ts';
import type { RulebookStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface KeepRulesDeps {
  rulebook: RulebookStore;
  /** As it was deployed. */
  configuration: Parameters<typeof ruleSetOf>[0];
  now(): Instant;
}

const by = 'keep-rules';
/** What can follow from one look: what was pending comes into force, and what is deployed now waits. */
const mostSteps = 3;

/**
 * Keeps the rulebook: what is deployed first is in force at once, what differs from it later is told and waits (ADR-0033).
 * Run by the clock; which rules count at a moment does not depend on when it ran.
 */
export const keepRules =
  ({ rulebook, configuration, now }: KeepRulesDeps) =>
  async (): Promise<void> => {
    const rules = ruleSetOf(configuration);
    for (let step = 0; step < mostSteps; step += 1) {
      const isDone = await whenStale(async () => {
        const book = await rulebook.find(rulebookId);
        const next = book === undefined ? seeded(rules, now(), by) : deployed(book, rules, now(), by);
        if (next !== undefined) await rulebook.commit(book, next.after, next.events);
        return next === undefined;
      });
      if (isDone) return;
    }
  };

export interface Objection {
  /** Of the rules that are pending, as they were shown. */
  digest: string;
  /** Person id. */
  by: string;
  /** Names the click. */
  key: string;
}

export type ObjectionRefusal = 'unknown-person' | 'not-an-approver' | 'not-pending';

export interface ObjectDeps {
  rulebook: RulebookStore;
  /** With everybody who is enrolled by now, under the rules in force. */
  configuration: Pick<Configuration, 'people' | 'rules' | 'groups' | 'onCall'>;
  now(): Instant;
}

/** An approver under the rules in force, also one whom the change takes away, keeps what is pending from coming into force. */
export const objectToRules =
  ({ rulebook, configuration, now }: ObjectDeps) =>
  ({ digest, by: who, key }: Objection): Promise<Result<Rulebook, ObjectionRefusal>> =>
    whenStale(async () => {
      const book = await rulebook.find(rulebookId);
      if (book === undefined) return fail('not-pending');
      const at = now();
      if (book.objection?.digest === digest && book.objection.by === who) return ok(book);
      const refusal = refusalOf(who, at, configuration);
      const step = refusal === undefined ? objected(book, digest, who, at) : undefined;
      if (step !== undefined) {
        await rulebook.commit(book, step.after, step.events);
        return ok(step.after);
      }
      const said = refusal ?? 'not-pending';
      if (!wasRefused(book, key)) {
        const refused = objectionRefused(book, said, who, at, key);
        await rulebook.commit(book, refused.after, refused.events);
      }
      return fail(said);
    });

function refusalOf(who: string, at: Instant, configuration: ObjectDeps['configuration']): ObjectionRefusal | undefined {
  if (!configuration.people.some(({ id }) => id === who)) return 'unknown-person';
  return isApprover(who, configuration, at) ? undefined : 'not-an-approver';
}
