import { dayOf, type Instant } from '../time.ts';
import { objectOf, textOf } from '../untrusted.ts';
import type { MappedActions } from './actions/actions-of.ts';
import { agentOf } from './agent.ts';
import type { Outcome, UsageEvent } from './event.ts';
import type { FacetKind, FirstUse } from './item.ts';
import { networkOf } from './network.ts';

/** One thing that an event says about its caller. */
export interface Fact {
  kind: FacetKind;
  /** Of action, resource and signal facts. */
  action: string | null;
  /** Empty for action facts. */
  value: string;
  outcome: Outcome;
  /** The action that carried it: its own, else the event's first. */
  by: string;
}

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

/**
 * All facts of an event. A denied call counts as denied with everything around it: where somebody tries doors matters
 * as much as where they open. That a resource was missing says nothing about region, network or agent: there it is used.
 */
export function factsOf(
  event: UsageEvent,
  mapped: MappedActions,
  signals: readonly string[],
  resources: boolean,
): Fact[] {
  const facts: Fact[] = [];
  const { outcome } = event;
  const names = filedActions(event, mapped);
  const by = names[0] ?? unmappedAction(event);
  for (const action of names) facts.push({ kind: 'action', action, value: '', outcome, by: action });
  if (resources) {
    for (const { action, resources: arns } of mapped.actions) {
      for (const value of arns) facts.push({ kind: 'resource', action, value, outcome, by: action });
    }
  }
  const around = outcome === 'denied' ? 'denied' : 'used';
  for (const [kind, value] of surroundings(event)) {
    if (value !== null) facts.push({ kind, action: null, value, outcome: around, by });
  }
  for (const signal of signals) {
    facts.push({ kind: 'signal', action: by, value: `${signal}@${hourOf(event.time)}`, outcome, by });
  }
  return facts;
}

const surroundings = (event: UsageEvent): readonly [FacetKind, string | null][] => [
  ['region', event.region === 'unknown' ? null : event.region],
  ['network', networkOf(event.sourceAddress)],
  ['agent', agentOf(event.userAgent)],
  ['assumed-role', assumedRoleOf(event)],
];

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
