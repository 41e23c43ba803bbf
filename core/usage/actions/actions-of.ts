import { type MappableEvent, type Need, parametersOf } from './need.ts';
import { resolve } from './resolve.ts';
import { resourcesOf } from './resources.ts';

export type { MappableEvent };

interface MappedAction {
  /** `service:Action` of the catalogue, or `unmapped:SOURCE/NAME`. */
  action: string;
  /**
   * ARNs of the action's resource types, as far as the record shows them: a call may have needed more (ec2:RunInstances
   * names its subnet, not the volumes it makes). Empty where it shows none or the action takes only `*`.
   */
  resources: readonly string[];
  /** False where the record does not show which of several actions it was: each may have been needed. */
  certain: boolean;
}

export interface MappedActions {
  /** Empty for what needs no action: sign-ins and what services do on their own. */
  actions: readonly MappedAction[];
  /** True where the catalogue knows no action for the event. */
  unmapped: boolean;
}

const none: MappedActions = { actions: [], unmapped: false };

/**
 * The IAM actions that a call needed, and on what. One call can need several; those that only some requests need count
 * only where the request's parameters show it.
 */
export function actionsOf(event: MappableEvent): MappedActions {
  if (needsNoAction(event)) return none;
  const resolution = resolve(event.source, event.name);
  const needs = resolution.byRequest?.(parametersOf(event.requestParameters)) ?? resolution.needs;
  return { actions: needs.map((need) => mapped(need, event)), unmapped: resolution.unmapped };
}

/** The names alone, without the work of finding resources: `[]` where `actionsOf` gives none. */
export function actionNamesOf(event: Pick<MappableEvent, 'kind' | 'source' | 'name' | 'requestParameters'>) {
  if (needsNoAction(event)) return noNames;
  const resolution = resolve(event.source, event.name);
  if (!resolution.byRequest) return resolution.names;
  return resolution.byRequest(parametersOf(event.requestParameters)).map(({ action }) => action);
}

const noNames: readonly string[] = [];
const needsNoAction = ({ kind }: Pick<MappableEvent, 'kind'>): boolean =>
  kind === 'sign-in' || kind === 'service-event';

const mapped = (need: Need, event: MappableEvent): MappedAction => ({
  action: need.action,
  resources: resourcesOf(need, event),
  certain: need.certain,
});
