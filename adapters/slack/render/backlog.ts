import type { KnownBlock } from '@slack/types';
import { isUnopened, waitsToBeOpened } from '../../../core/changes/backlog.ts';
import type { Change } from '../../../core/changes/change.ts';
import { trialIn } from '../../../core/changes/trial.ts';
import { riskOf } from '../../../core/rightsizing/ladder.ts';
import type { SlackMessage } from '../../../usecases/ports/slack.ts';
import { button } from '../buttons.ts';
import { accountName, counted, type Look, shortName } from './names.ts';
import { code, context, header, section } from './text.ts';
import { trialEndWords } from './trial-end.ts';

/** As many as somebody reads; the others come up when these are decided. */
const mostShown = 10;

/** What was proposed in a week, what is worth most first: a decision about it takes away the most risk. */
export const renderBacklog =
  (look: Look) =>
  (week: string, changes: readonly Change[]): SlackMessage => {
    const ranked = byWorth(changes);
    const waiting = ranked.filter(waitsToBeOpened);
    const shown = [...waiting, ...ranked.filter((change) => !waitsToBeOpened(change))].slice(0, mostShown);
    const more = ranked.length - shown.length;
    return {
      text: `${counted(waiting.length, 'permission proposal')} of ${week} to open`,
      blocks: [
        header(`Permissions nobody uses: ${week}`),
        ...shown.flatMap((change) => backlogLine(look, change)),
        context(
          ...(more > 0 ? [`… and ${more} more`] : []),
          'Worth is the risk that one decision takes away. *Open*: shows the proposal; it decides nothing.',
        ),
      ],
    };
  };

const removedIn = ({ plan: { terms } }: Change): readonly string[] =>
  terms.kind === 'rightsizing' ? terms.removed : [];
const worth = (change: Change): number => riskOf(removedIn(change));

/** What is worth most first. */
export const byWorth = (changes: readonly Change[]): readonly Change[] =>
  [...changes].sort((a, b) => worth(b) - worth(a) || (a.id < b.id ? -1 : 1));

/** One proposal, with a way to open it while that may be done. */
export function backlogLine(look: Look, change: Change): KnownBlock[] {
  const { plan, id, digest, version, state } = change;
  const what = trialIn(change) ? 'to try without' : 'to take away';
  const status = waitsToBeOpened(change) ? '' : ` — *${isUnopened(change) ? state : `opened, ${state}`}*`;
  const line = section(
    `*${code(shortName(plan.target), 80)}* in ${accountName(look, plan.account)}: ${counted(removedIn(change).length, 'action')} ${what}, worth ${worth(change)}${status}`,
  );
  if (!waitsToBeOpened(change)) return [line];
  const open = button(look.nonceKey, 'change:open', { id, digest, version }, { text: 'Open' });
  return [line, { type: 'actions', elements: [open] }];
}

/** For the thread of the trial's message. */
export const renderTrialEnd =
  (look: Look) =>
  ({ plan, ended }: Change): SlackMessage => {
    const words = ended ? trialEndWords(look, ended) : '';
    return {
      text: `The trial for ${shortName(plan.target)} is over`,
      blocks: [section(`*The trial is over*: ${words}`)],
    };
  };
