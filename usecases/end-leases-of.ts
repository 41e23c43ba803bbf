import type { Person } from '../core/approvals/rules.ts';
import { identitiesOf } from '../core/approvals/same-person.ts';
import type { ActorId } from '../core/identity/principal.ts';
import type { Lease } from '../core/leases/lease.ts';
import { revoking } from '../core/leases/step.ts';
import type { Instant } from '../core/time.ts';
import type { CaseStore, ChangeStore, LeaseStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface EndLeasesDeps {
  leases: Pick<LeaseStore, 'find' | 'commit' | 'due'>;
  cases: Pick<CaseStore, 'find'>;
  /** Everybody who is known now. Asked only here: revoking itself waits for nobody's name. */
  people(): Promise<readonly Person[]>;
  now(): Instant;
}

/** Everything that may be alive is due at some time. */
const ever = '9999-12-31T23:59:59Z' as Instant;
const atOnce = 1000;

/**
 * Somebody said of a case that it was not them: whatever is lent to that actor, or on what the actor used, ends. Only
 * the rows change; their events take it back. Gives the leases.
 */
export const endLeasesOfCase =
  (deps: EndLeasesDeps) =>
  async (id: string): Promise<readonly string[]> => {
    const found = await deps.cases.find(id);
    if (found?.state !== 'not-us') return [];
    const people = await deps.people();
    const names = new Set<string>([found.actor, ...found.principals, ...found.arns]);
    return endThose(deps, 'alarm', ({ beneficiary, carrier }) => {
      const person = people.find((each) => each.id === beneficiary);
      const own: ReadonlySet<ActorId> = person ? identitiesOf(person, people) : new Set();
      return names.has(carrier) || [...own].some((actor) => names.has(actor));
    });
  };

/** Somebody reviewed what was taken in an emergency and found it wrong: its lease ends. Gives it. */
export const endLeaseOfReview =
  ({ changes, ...deps }: Omit<EndLeasesDeps, 'cases' | 'people'> & { changes: Pick<ChangeStore, 'find'> }) =>
  async (id: string): Promise<readonly string[]> => {
    const change = await changes.find(id);
    if (change?.review?.said?.verdict !== 'deny') return [];
    return endThose(deps, 'early', (lease) => lease.change === id);
  };

/** Whoever is no longer known keeps nothing that was lent to them. Where nobody is known at all, nothing is concluded. */
export const endLeasesOfLeavers = (deps: Omit<EndLeasesDeps, 'cases'>) => async (): Promise<readonly string[]> => {
  const known = new Set((await deps.people()).filter(({ suspended }) => !suspended).map(({ id }) => id));
  return known.size === 0 ? [] : endThose(deps, 'offboarded', ({ beneficiary }) => !known.has(beneficiary));
};

async function endThose(
  { leases, now }: Omit<EndLeasesDeps, 'cases' | 'people'>,
  reason: 'alarm' | 'offboarded' | 'early',
  isMeant: (lease: Lease) => boolean,
): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const { id } of (await leases.due(ever, atOnce)).filter(isMeant)) {
    await whenStale(async () => {
      const lease = await leases.find(id);
      const step = lease && revoking(lease, reason, now(), by);
      if (lease === undefined || step === undefined) return;
      await leases.commit(lease, step.after, step.events);
      ended.push(id);
    });
  }
  return ended;
}

const by = 'end-leases';
