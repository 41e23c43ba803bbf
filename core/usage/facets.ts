import { dayOf, type Instant } from '../time.ts';
import { objectOf, textOf } from '../untrusted.ts';
import type { MappedActions } from './actions/actions-of.ts';
import { agentOf } from './agent.ts';
import type { Outcome, UsageEvent } from './event.ts';
import type { FacetKind, FirstUse } from './item.ts';
import { networkOf } from './network.ts';

/**
 * Takes one thing that an event says about its caller: `action` is null for what surrounds a call, `value` empty for
 * actions, `by` the action that carried the fact. Plain arguments and no closures: there are half a dozen an event.
 */
export interface TakeFact {
  take(kind: FacetKind, action: string | null, value: string, outcome: Outcome, by: string): void;
}

/** The name of what the catalogue knows no action for. */
const unmappedAction = (event: Pick<UsageEvent, 'source' | 'name'>): string => `unmapped:${event.source}/${event.name}`;

/**
 * The actions that an event is filed under. A sign-in needs no permission and so has no IAM action, but the first one is
 * news: it is filed as `sign-in:NAME`. What a service does on its own is filed under none.
 */
export const filedActions = (event: UsageEvent, actions: readonly string[]): readonly string[] =>
  actions.length === 0 && event.kind === 'sign-in' ? [`sign-in:${event.name}`] : actions;

/** What a fold keeps of an event. */
export interface Selection {
  /** As `filedActions` gives them. */
  filed: readonly string[];
  /** With the resources of each; null where they are not kept. */
  mapped: MappedActions | null;
  /** Kinds of repeats that matter (core/anomaly/signals). */
  signals: readonly string[];
}

/**
 * Tells what an event did; where it came from tells `eachSurrounding`. A denied call counts as denied with everything
 * around it: where somebody tries doors matters as much as where they open. That a resource was missing says nothing
 * about region, network, agent or assumed role: there it is used.
 */
export function eachFact(event: UsageEvent, { filed, mapped, signals }: Selection, to: TakeFact): void {
  const { outcome } = event;
  const by = filed[0] ?? unmappedAction(event);
  for (const action of filed) to.take('action', action, '', outcome, action);
  if (mapped !== null) {
    for (const { action, resources } of mapped.actions) {
      for (const value of resources) to.take('resource', action, value, outcome, action);
    }
  }
  const role = assumedRoleOf(event);
  if (role !== null) to.take('assumed-role', null, role, aroundOf(event), by);
  for (const signal of signals) to.take('signal', by, `${signal}@${hourOf(event.time)}`, outcome, by);
}

/** Tells where an event came from, which for most events is where the caller's last one came from. */
export function eachSurrounding(event: UsageEvent, filed: readonly string[], to: TakeFact): void {
  const outcome = aroundOf(event);
  const by = filed[0] ?? unmappedAction(event);
  if (event.region !== 'unknown') to.take('region', null, event.region, outcome, by);
  const network = networkOf(event.sourceAddress);
  if (network !== null) to.take('network', null, network, outcome, by);
  const agent = agentOf(event.userAgent);
  if (agent !== null) to.take('agent', null, agent, outcome, by);
}

/** The outcome of what surrounds a call. */
export const aroundOf = ({ outcome }: UsageEvent): Outcome => (outcome === 'denied' ? 'denied' : 'used');

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
