import { findAction } from '../catalogue/catalogue.ts';
import type { ActorId } from '../identity/principal.ts';
import type { Day } from '../time.ts';
import { prefixOf } from '../usage/actions/source-prefix.ts';
import type { FirstUse, LedgerItem } from '../usage/item.ts';
import { compareUses } from '../usage/join.ts';
import type { StandingOf } from './contested.ts';
import type { TrailTraits } from './observable.ts';

/** What a principal ever used, all actors together. Denied calls are not use. */
export interface Used {
  /** In lower case, as far back as the ledger goes. */
  actions: ReadonlySet<string>;
  /** Those of `actions` that were only ever tried on something that was not there: whether that is use, its owner knows. */
  probed: ReadonlySet<string>;
  /** In lower case: what an open case tells. Whether it was use, people have to say first. */
  contested: ReadonlySet<string>;
  /** Services of calls whose action is not known: any of theirs may have been used. */
  unmapped: ReadonlySet<string>;
}

/** Joins a principal's ledger items over their actors, without what people called "not us". */
export function usedBy(items: readonly LedgerItem[], standingOf: StandingOf): Used {
  const actions = new Set<string>();
  const found = new Set<string>();
  const contested = new Set<string>();
  const unmapped = new Set<string>();
  for (const { actor, action, found: isFound, ...use } of actorsUses(items)) {
    const standing = standingOf(actor, action, use);
    // No policy allows a sign-in.
    if (standing === 'not-us' || action.startsWith('sign-in:')) continue;
    const source = /^unmapped:(.*)\//.exec(action)?.[1];
    if (source !== undefined) unmapped.add(prefixOf(source));
    else {
      (standing === 'open' ? contested : actions).add(action.toLowerCase());
      if (isFound) found.add(action.toLowerCase());
    }
  }
  return { actions, probed: new Set([...actions].filter((action) => !found.has(action))), contested, unmapped };
}

interface ActorsUse {
  actor: ActorId;
  action: string;
  first: FirstUse;
  last: Day;
  /** At least one call met what it asked for. */
  found: boolean;
}

/** The first and last time that each actor used each action, whatever came of the call and on whichever resource. */
function actorsUses(items: readonly LedgerItem[]): Iterable<ActorsUse> {
  const uses = new Map<string, ActorsUse>();
  for (const { actor, action, entries, outcome } of items.filter(isUse)) {
    const key = `${actor} ${action}`;
    for (const { first, last } of entries.values()) {
      const known = uses.get(key);
      uses.set(key, {
        actor,
        action: action as string,
        first: known === undefined || compareUses(first, known.first) < 0 ? first : known.first,
        last: known === undefined || last > known.last ? last : known.last,
        found: known?.found === true || outcome === 'used',
      });
    }
  }
  return uses.values();
}

/** Every day on which a principal did something that was not denied. */
export const daysOfUse = (items: readonly LedgerItem[]): readonly Day[] => [
  ...new Set(items.filter(isUse).flatMap(({ entries }) => [...entries.values()].flatMap(({ days }) => days))),
];

/** What all recorded calls of an account show of its trail. */
export function trailTraits(items: Iterable<LedgerItem>): TrailTraits {
  const services = new Set<string>();
  let reads = false;
  for (const item of items) {
    const known = item.kind === 'action' && item.action ? findAction(item.action) : undefined;
    if (!known) continue;
    services.add(known.service);
    reads ||= known.accessLevel === 'List' || known.accessLevel === 'Read';
  }
  return { services, reads };
}

const isUse = (item: LedgerItem): boolean =>
  (item.kind === 'action' || item.kind === 'resource') && item.action !== null && item.outcome !== 'denied';
