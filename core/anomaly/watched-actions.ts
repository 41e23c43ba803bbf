import { isSerious } from '../catalogue/privilege-class.ts';
import { actionsOf, type MappableEvent, type MappedActions } from '../usage/actions/actions-of.ts';

const nothing: readonly string[] = [];

/** The actions of a call, with the resources of those that detection looks at (core/usage/marks.ts) and of no others. */
export function watchedActionsOf(event: MappableEvent): MappedActions {
  const mapped = actionsOf(event);
  if (mapped.actions.every(({ action, resources }) => resources.length === 0 || isSerious(action))) return mapped;
  const actions = mapped.actions.map((each) => (isSerious(each.action) ? each : { ...each, resources: nothing }));
  return { ...mapped, actions };
}
