import { actionsOfService, allActions } from '../catalogue/catalogue.ts';
import { coversAction, isExact, matchesAction } from '../policy/match.ts';
import type { Statement } from '../policy/statement.ts';

/**
 * Which statements speak about an action, in their order. Policies name thousands of actions one by one: those are
 * looked up, and only patterns are matched, each once against the actions of its service.
 */
export function speakersOf(statements: readonly Statement[]): (action: string) => readonly Statement[] {
  const catalogue = new Set(allActions());
  const named = statements.map(({ actions }) => namedBy(actions.patterns));
  return (action) =>
    statements.filter((statement, index) =>
      catalogue.has(action)
        ? named[index]!.has(action.toLowerCase()) !== statement.actions.not
        : coversAction(statement, action),
    );
}

/** Actions of the catalogue, in lower case. */
function namedBy(patterns: readonly string[]): ReadonlySet<string> {
  const named = new Set<string>();
  for (const pattern of patterns) {
    if (isExact(pattern)) named.add(pattern.toLowerCase());
    else for (const action of candidates(pattern)) if (matchesAction(pattern, action)) named.add(action.toLowerCase());
  }
  return named;
}

function candidates(pattern: string): readonly string[] {
  const service = pattern.slice(0, Math.max(pattern.indexOf(':'), 0));
  return service === '' || !isExact(service) ? allActions() : actionsOfService(service).map(({ action }) => action);
}
