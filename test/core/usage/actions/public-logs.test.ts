import { findAction } from '../../../../core/catalogue/catalogue.ts';
import { actionNamesOf, actionsOf } from '../../../../core/usage/actions/actions-of.ts';
import type { UsageEvent } from '../../../../core/usage/event.ts';
import { eventsOf } from './shared-logs.ts';

const sets = ['invictus', 'stratus', 'otrf', 'eventbridge'] as const;
/** Calls of the public logs for which no IAM action is known, as `source/name`. */
const knownUnmapped: readonly string[] = [];

const unmappedOf = (events: readonly UsageEvent[]) =>
  [...new Set(events.filter((e) => actionsOf(e).unmapped).map(({ source, name }) => `${source}/${name}`))].sort();

test.each(sets)('in the log %s every call is mapped but the listed ones', (set) => {
  const events = eventsOf(set);
  if (!events) return;
  expect(events.length).toBeGreaterThan(0);
  expect(unmappedOf(events).filter((pair) => !knownUnmapped.includes(pair))).toEqual([]);
});

test('every mapped action of the logs is in the catalogue, and both ways of asking agree', () => {
  for (const event of sets.flatMap((set) => eventsOf(set) ?? [])) {
    const actions = actionsOf(event).actions.map(({ action }) => action);
    expect(actionNamesOf(event)).toEqual(actions);
    const inCatalogue = actions.every(
      (action) => action.startsWith('unmapped:') || findAction(action)?.action === action,
    );
    expect(inCatalogue || actions).toBe(true);
  }
});

test('ARNs found for the logs are ARNs of the call: every variable filled, of a resource type of the action', () => {
  for (const event of sets.flatMap((set) => eventsOf(set) ?? [])) {
    for (const { resources } of actionsOf(event).actions) {
      expect(resources.filter((arn) => !/^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[a-z0-9]*:[^$]+$/.test(arn))).toEqual(
        [],
      );
    }
  }
});
