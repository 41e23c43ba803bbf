import type { Person } from '../core/approvals/rules.ts';
import type { Change } from '../core/changes/change.ts';
import type { Lease } from '../core/leases/lease.ts';
import type { ChangeStore, LeaseStore } from './ports/state-stores.ts';

export interface StatusDeps {
  changes: Pick<ChangeStore, 'list'>;
  leases: Pick<LeaseStore, 'list'>;
}

/** What is lent to somebody, newest first, and what they wait for. */
export interface Status {
  leases: readonly Lease[];
  waiting: readonly Change[];
}

/** How many of the newest are looked through. */
const newest = 200;

/** What is lent to a person, and what that person asked for and nobody decided yet. */
export const statusOf =
  ({ leases, changes }: StatusDeps) =>
  async ({ id }: Pick<Person, 'id'>): Promise<Status> => ({
    leases: (await leases.list(newest)).filter(({ beneficiary }) => beneficiary === id),
    waiting: (await changes.list(newest)).filter(
      ({ requester, state }) => requester === id && (state === 'planned' || state === 'undo-planned'),
    ),
  });

/** How many of each a message names. */
const shown = 10;

/** The same in words. */
export const tellStatus =
  (deps: StatusDeps) =>
  async (person: Pick<Person, 'id'>): Promise<string> => {
    const { leases, waiting } = await statusOf(deps)(person);
    const live = leases.filter(({ state }) => state !== 'revoked' && state !== 'verified' && state !== 'closed');
    const lines = [
      ...live
        .slice(0, shown)
        .map(({ id, state, carrier, endsAt }) => `Lease ${id} on ${carrier}: ${state}, ends ${endsAt}`),
      ...waiting
        .slice(0, shown)
        .map(({ id, plan, decideBy }) => `Waiting: ${plan.kind} ${id} on ${plan.target}, until ${decideBy}`),
    ];
    const more = live.length + waiting.length - lines.length;
    if (lines.length === 0) return 'Nothing is lent to you, and nothing of yours waits for a decision.';
    return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
  };
