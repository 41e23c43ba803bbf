import { objectOf } from '../untrusted.ts';
import type { UsageEvent } from '../usage/event.ts';
import { changes, type Draft, type StaleEntity } from './iam-changes.ts';
import type { Inventory, PrincipalRecord } from './inventory.ts';

export interface Applied {
  inventory: Inventory;
  stale: readonly StaleEntity[];
}

type ChangingEvent = Pick<
  UsageEvent,
  'source' | 'name' | 'time' | 'account' | 'errorCode' | 'requestParameters' | 'responseElements'
>;

/** Whether the event can have changed the identities of an account. */
export const changesIdentities = ({ source, name, errorCode }: ChangingEvent): boolean =>
  source === 'iam.amazonaws.com' && errorCode === null && Object.hasOwn(changes, name);

/**
 * The inventory after these events, which must be those of its account, in time order, each once. Events from before it
 * was taken are in it already. What an event does not tell (a version that is not held, a policy of AWS, a document too
 * large for the trail) is `stale`.
 */
export function applyEvents(inventory: Inventory, events: readonly ChangingEvent[]): Applied {
  const { account, takenAt } = inventory;
  const draft: Draft = {
    account,
    partition: inventory.principals[0]?.arn.split(':')[1] ?? 'aws',
    principals: new Map(inventory.principals.map((each) => [each.arn, each])),
    groups: new Map(inventory.groups.map((each) => [each.arn, each])),
    managed: new Map(inventory.managed),
    stale: [],
  };
  for (const event of events) {
    if (!changesIdentities(event) || event.account !== account || event.time < takenAt) continue;
    changes[event.name]?.(draft, {
      asked: objectOf(event.requestParameters) ?? {},
      answered: objectOf(event.responseElements) ?? {},
      time: event.time,
    });
  }
  return { inventory: inventoryOf(inventory, draft), stale: draft.stale };
}

/** The inventory with the stale entities as a newer one has them; what is no longer there goes. */
export function refreshed(inventory: Inventory, newer: Inventory, stale: readonly StaleEntity[]): Inventory {
  const isStale = (type: StaleEntity['type'], name: string): boolean =>
    stale.some((each) => each.type === type && each.name === name);
  const merged = <T extends { arn: string }>(
    old: readonly T[],
    fresh: readonly T[],
    staleOne: (each: T) => boolean,
  ): T[] => [...old.filter((each) => !staleOne(each)), ...fresh.filter(staleOne)];
  const stalePrincipal = ({ type, name }: PrincipalRecord): boolean => isStale(type, name);
  const principals = merged(inventory.principals, newer.principals, stalePrincipal);
  const groups = merged(inventory.groups, newer.groups, ({ name }) => isStale('group', name));
  // Whoever was read again may hold policies of AWS that nobody held before.
  const managed = new Map(inventory.managed);
  for (const [arn, policy] of newer.managed) if (isStale('policy', arn) || !managed.has(arn)) managed.set(arn, policy);
  for (const { type, name } of stale) if (type === 'policy' && !newer.managed.has(name)) managed.delete(name);
  return inventoryOf(inventory, { principals: keyed(principals), groups: keyed(groups), managed });
}

/** Ordered as a parsed one is, without policies of AWS that nobody holds, which IAM does not list either. */
function inventoryOf(inventory: Inventory, draft: Pick<Draft, 'principals' | 'groups' | 'managed'>): Inventory {
  const principals = [...draft.principals.values()].sort(byArn);
  const groups = [...draft.groups.values()].sort(byArn);
  const held = new Set([
    ...principals.flatMap(({ attached, boundary }) => [...attached, ...(boundary ? [boundary] : [])]),
    ...groups.flatMap(({ attached }) => attached),
  ]);
  const managed = [...draft.managed]
    .filter(([arn]) => !arn.includes(':iam::aws:') || held.has(arn))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...inventory, principals, groups, managed: new Map(managed) };
}

const byArn = (a: { arn: string }, b: { arn: string }): number => (a.arn < b.arn ? -1 : 1);
const keyed = <T extends { arn: string }>(entities: readonly T[]): Map<string, T> =>
  new Map(entities.map((each) => [each.arn, each]));
