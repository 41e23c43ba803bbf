import { findAction } from '../catalogue/catalogue.ts';
import { isDataEvent } from './data-events.ts';
import { isRecorded } from './recorded.ts';

/** How an action shows when it is used: only what a management trail surely records can be called unused. */
export type Observability = 'observable' | 'unobservable' | 'unknown-action';

/**
 * Why the use of an action would not show. `pass-role`: no call of its own, and not every call that passes one names it.
 * `permission-only`: no call of its own, it is checked while others are made. `data-event`: recorded only by trails that
 * take data events. `tagging`: tags given while something is made leave no event of their own. `left-out`: trails may
 * leave out the service, and none of its events was seen. `reads-left-out`: no reading call was seen in the account.
 * `not-recorded`: AWS does not say that every call of it is recorded.
 */
export type Unseen =
  | 'pass-role'
  | 'permission-only'
  | 'data-event'
  | 'tagging'
  | 'left-out'
  | 'reads-left-out'
  | 'not-recorded';

/** What an account's own log shows of how its trail is set up. */
export interface TrailTraits {
  /** Services with at least one recorded call. */
  services: ReadonlySet<string>;
  /** Calls that only read were recorded: a trail can be set to writes alone. */
  reads: boolean;
}

/** Trails may leave out this service's events altogether, so one of them must have been seen. */
const excludable = new Set(['kms']);

/** Whether the use of an action would have shown. */
export function observability(action: string, trail: TrailTraits): Observability {
  const why = whyUnseen(action, trail);
  if (why === undefined) return 'observable';
  return why === 'unknown-action' ? why : 'unobservable';
}

/** Why the use of an action would not have shown; undefined where it would. */
export function whyUnseen(action: string, trail: TrailTraits): Unseen | 'unknown-action' | undefined {
  const known = findAction(action);
  if (!known) return 'unknown-action';
  const { service, name, accessLevel } = known;
  if (known.action === 'iam:PassRole') return 'pass-role';
  if (known.permissionOnly) return 'permission-only';
  if (isDataEvent(service, name)) return 'data-event';
  if (accessLevel === 'Tagging') return 'tagging';
  if (!isRecorded(service, name)) return 'not-recorded';
  if (excludable.has(service) && !trail.services.has(service)) return 'left-out';
  const reads = accessLevel === 'List' || accessLevel === 'Read';
  return reads && !trail.reads ? 'reads-left-out' : undefined;
}
