import { actionsMeant } from '../catalogue/actions-meant.ts';
import { allActions, findAction } from '../catalogue/catalogue.ts';
import type { KeptAction } from './narrow.ts';
import { type Unseen, whyUnseen } from './observable.ts';

/** Why what stays as unobservable does not show, by reason the number of actions. */
export interface UnseenPattern {
  action: string;
  because: Readonly<Partial<Record<Unseen, number>>>;
}

/** The reasons behind every action or pattern that stays because its use would not show. */
export const unseenIn = (kept: readonly KeptAction[]): readonly UnseenPattern[] =>
  kept.filter(({ why }) => why === 'unobservable').map(({ action }) => ({ action, because: reasonsOf(action) }));

/** What a trail that leaves nothing out would record. */
const wholeTrail = {
  services: new Set(allActions().map((action) => action.slice(0, action.indexOf(':')))),
  reads: true,
};

function reasonsOf(pattern: string): UnseenPattern['because'] {
  const actions = actionsMeant(pattern).filter((action) => findAction(action) !== undefined);
  const because: Partial<Record<Unseen, number>> = {};
  const count = (why: Unseen) => {
    because[why] = (because[why] ?? 0) + 1;
  };
  for (const action of actions) {
    const why = whyUnseen(action, wholeTrail);
    if (why !== undefined && why !== 'unknown-action') count(why);
  }
  if (Object.keys(because).length === 0) for (const action of actions) count(leftOut(action));
  return because;
}

/** Nothing about the action: then it is the account's own trail. */
function leftOut(action: string): Unseen {
  const level = findAction(action)?.accessLevel;
  const isKey = action.startsWith('kms:');
  return !isKey && (level === 'List' || level === 'Read') ? 'reads-left-out' : 'left-out';
}
