import { dayOf, type Instant } from '../time.ts';
import { objectOf, textOf } from '../untrusted.ts';
import type { MappedActions } from './actions/actions-of.ts';
import { agentOf } from './agent.ts';
import type { Outcome, UsageEvent } from './event.ts';
import type { FacetKind, FirstUse } from './item.ts';
import { networkOf } from './network.ts';

/**
 * Takes one thing that an event says about its caller: `action` is null for what surrounds a call, `value` empty for
 * actions, `by` the action that carried the fact. Plain arguments, because there are half a dozen for every event.
 */
export type TakeFact = (kind: FacetKind, action: string | null, value: string, outcome: Outcome, by: string) => void;

/** The name of what the catalogue knows no action for. */
export const unmappedAction = (event: Pick<UsageEvent, 'source' | 'name'>): string =>
  `unmapped:${event.source}/${event.name}`;

/**
 * The actions that an event is filed under. A sign-in needs no permission and so has no IAM action, but the first one is
 * news: it is filed under its own name. What a service does on its own is filed under none.
 */
export function filedActions(event: UsageEvent, mapped: MappedActions): readonly string[] {
  if (mapped.actions.length > 0) return mapped.actions.map(({ action }) => action);
  return event.kind === 'sign-in' ? [unmappedAction(event)] : [];
}

/** What a fold keeps of an event: whether of its resources, and which repeats matter (core/anomaly/signals). */
export interface Selection {
  resources: boolean;
  signals: readonly string[];
}

/**
 * Tells all facts of an event. A denied call counts as denied with everything around it: where somebody tries doors
 * matters as much as where they open. That a resource was missing says nothing about region, network or agent: there it
 * is used.
 */
export function eachFact(event: UsageEvent, mapped: MappedActions, selection: Selection, take: TakeFact): void {
  const { outcome } = event;
  const names = filedActions(event, mapped);
  const by = names[0] ?? unmappedAction(event);
  for (const action of names) take('action', action, '', outcome, action);
  if (selection.resources) {
    for (const { action, resources } of mapped.actions) {
      for (const value of resources) take('resource', action, value, outcome, action);
    }
  }
  eachSurrounding(event, (kind, value) => take(kind, null, value, outcome === 'denied' ? 'denied' : 'used', by));
  for (const signal of selection.signals) take('signal', by, `${signal}@${hourOf(event.time)}`, outcome, by);
}

function eachSurrounding(event: UsageEvent, take: (kind: FacetKind, value: string) => void): void {
  if (event.region !== 'unknown') take('region', event.region);
  const network = networkOf(event.sourceAddress);
  if (network !== null) take('network', network);
  const agent = agentOf(event.userAgent);
  if (agent !== null) take('agent', agent);
  const role = assumedRoleOf(event);
  if (role !== null) take('assumed-role', role);
}

const hourOf = (time: Instant): string => `${dayOf(time)}T${time.slice(11, 13)}`;

const assumedRoleOf = (event: UsageEvent): string | null =>
  event.source === 'sts.amazonaws.com' && event.name.startsWith('AssumeRole')
    ? textOf(objectOf(event.requestParameters)?.roleArn)
    : null;

/** The circumstances that a first use keeps, `action` being the one that carried the facet. */
export const firstUseOf = (event: UsageEvent, action: string): FirstUse => ({
  time: event.time,
  eventID: event.eventID,
  account: event.account ?? event.caller.account,
  region: event.region,
  action,
  network: networkOf(event.sourceAddress),
  agent: agentOf(event.userAgent),
  mfa: event.caller.mfa,
  federated: event.caller.federated,
  forwarded: event.caller.isService || event.caller.invokedBy !== null,
  accessKeyId: event.caller.accessKeyId,
  session: event.caller.session,
  historic: event.historic,
});
