import { findAction } from '../catalogue/catalogue.ts';
import { prefixOf } from '../usage/actions/source-prefix.ts';
import type { LedgerItem } from '../usage/item.ts';
import type { TrailTraits } from './observable.ts';

/** What a principal ever used, all actors together. Denied calls are not use. */
export interface Used {
  /** In lower case, as far back as the ledger goes. */
  actions: ReadonlySet<string>;
  /** Services of calls whose action is not known: any of theirs may have been used. */
  unmapped: ReadonlySet<string>;
}

/** Joins a principal's ledger items over their actors. */
export function usedBy(items: readonly LedgerItem[]): Used {
  const actions = new Set<string>();
  const unmapped = new Set<string>();
  for (const action of items.filter(isUse).map((item) => item.action as string)) {
    const source = /^unmapped:(.*)\//.exec(action)?.[1];
    if (source === undefined) actions.add(action.toLowerCase());
    else unmapped.add(prefixOf(source));
  }
  return { actions, unmapped };
}

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
