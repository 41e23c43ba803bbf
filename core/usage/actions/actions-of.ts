import { type MappableEvent, type Need, type Parameters, parametersOf } from './need.ts';
import { type Resolution, resolve } from './resolve.ts';
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
  /** False where the record does not show whether this action was needed, or which of several. */
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
 * The IAM actions that a call needed, and on what, as they are filed. One call can need several; those that only some
 * requests need count only where the request's parameters show it. What comes along is not filed: neither of tags nor of
 * keys can be told from their absence whether they were ever used.
 */
export function actionsOf(event: MappableEvent): MappedActions {
  if (needsNoAction(event)) return none;
  const resolution = resolve(event.source, event.name);
  return { actions: needsOf(resolution, event).map((need) => mapped(need, event)), unmapped: resolution.unmapped };
}

/** As `actionsOf`, with the tags and keys that came along. */
export function everyActionOf(event: MappableEvent): MappedActions {
  const filed = actionsOf(event);
  const along = needsNoAction(event) ? undefined : resolve(event.source, event.name).along;
  const more = along?.(parametersOf(event.requestParameters), parametersOf(event.responseElements)) ?? [];
  return more.length === 0
    ? filed
    : { ...filed, actions: [...filed.actions, ...more.map((need) => mapped(need, event))] };
}

/** The names alone, without the work of finding resources: `[]` where `actionsOf` gives none. */
export function actionNamesOf(event: Pick<MappableEvent, 'kind' | 'source' | 'name' | 'requestParameters'>) {
  if (needsNoAction(event)) return noNames;
  const resolution = resolve(event.source, event.name);
  const needs = needsOf(resolution, event);
  return needs === resolution.needs ? resolution.names : needs.map(({ action }) => action);
}

/** The very list of the resolution where the request adds nothing, as most do not. */
function needsOf(resolution: Resolution, { requestParameters }: Pick<MappableEvent, 'requestParameters'>) {
  const { needs, byRequest, besides } = resolution;
  if (byRequest === undefined && besides === undefined) return needs;
  const parameters = parametersOf(requestParameters);
  const own = byRequest?.(parameters) ?? needs;
  const more = besides?.(parameters, nothing) ?? [];
  return more.length === 0 ? own : [...own, ...more];
}

const noNames: readonly string[] = [];
const nothing: Parameters = {};
const needsNoAction = ({ kind }: Pick<MappableEvent, 'kind'>): boolean =>
  kind === 'sign-in' || kind === 'service-event';

const mapped = (need: Need, event: MappableEvent): MappedAction => ({
  action: need.action,
  resources: resourcesOf(need, event),
  certain: need.certain,
});
