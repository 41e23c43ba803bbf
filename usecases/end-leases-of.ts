import type { Person } from '../core/approvals/rules.ts';
import { identitiesOf, selvesOf } from '../core/approvals/same-person.ts';
import { isLeaver, type Leaver } from '../core/identity/leaver.ts';
import type { ActorId } from '../core/identity/principal.ts';
import type { Lease } from '../core/leases/lease.ts';
import { revoking } from '../core/leases/step.ts';
import type { Instant } from '../core/time.ts';
import type { OrganizationStore } from './ports/organization-scan.ts';
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
/** However many there are: one that is not looked at does not end, and what a user's deletion tells is told once. */
const unlimited = Number.POSITIVE_INFINITY;

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

/** A user of Identity Center was deleted or disabled: whatever is lent to the person that this user is ends. */
export const endLeasesOfLeaver =
  (deps: Omit<EndLeasesDeps, 'cases'>) =>
  async (leaver: Leaver): Promise<readonly string[]> => {
    const gone = await idsOf(deps, (actor) => isLeaver(leaver, actor));
    return gone.size === 0 ? [] : endThose(deps, 'offboarded', ({ beneficiary }) => gone.has(beneficiary));
  };

/**
 * What is lent to a person whose user the last reading of Identity Center did not find ends, where it was lent before that
 * reading. Where it could not be read nothing is concluded.
 */
export const endLeasesOfGone =
  (deps: Omit<EndLeasesDeps, 'cases'> & { organizations: Pick<OrganizationStore, 'read'> }) =>
  async (): Promise<readonly string[]> => {
    const kept = await deps.organizations.read();
    const center = kept?.tree.identityCenter;
    const readAt = kept?.parts.find(({ part }) => part === 'identity-center')?.takenAt;
    if (!center || !readAt || center.users.length === 0) return [];
    const there = new Set(center.users.map(({ id }) => `federated:${center.identityStore}/${id}`));
    const gone = await idsOf(
      deps,
      (actor) => actor.startsWith(`federated:${center.identityStore}/`) && !there.has(actor),
    );
    return gone.size === 0
      ? []
      : endThose(deps, 'offboarded', ({ beneficiary, startsAt }) => gone.has(beneficiary) && startsAt < readAt);
  };

/** The ids of everybody one of whose identities is meant. */
async function idsOf(
  { people }: Pick<EndLeasesDeps, 'people'>,
  isMeant: (actor: string) => boolean,
): Promise<ReadonlySet<string>> {
  const all = await people();
  const meant = all.filter((person) => [...identitiesOf(person, all)].some(isMeant));
  return new Set(meant.flatMap((person) => selvesOf(person, all)).map(({ id }) => id));
}

async function endThose(
  { leases, now }: Omit<EndLeasesDeps, 'cases' | 'people'>,
  reason: 'alarm' | 'offboarded' | 'early',
  isMeant: (lease: Lease) => boolean,
): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const { id } of (await leases.due(ever, unlimited)).filter(isMeant)) {
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
