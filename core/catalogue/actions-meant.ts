import { matchesAction } from '../policy/match.ts';
import { actionsOfService, allActions, findAction } from './catalogue.ts';

/** The actions that a pattern covers, as AWS spells them; one that the catalogue does not have stands for itself. */
export function actionsMeant(pattern: string): readonly string[] {
  const colon = pattern.indexOf(':');
  if (!/[*?]/.test(pattern)) return [findAction(pattern)?.action ?? pattern];
  const service = colon < 0 ? '*' : pattern.slice(0, colon);
  const candidates = /[*?]/.test(service) ? allActions() : actionsOfService(service).map(({ action }) => action);
  const meant = candidates.filter((action) => matchesAction(pattern, action));
  return meant.length === 0 ? [pattern] : meant;
}
