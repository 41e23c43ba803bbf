import type { KnownBlock } from '@slack/types';
import type { Change, Review } from '../../../core/changes/change.ts';
import { digestToDecide, isReviewDue } from '../../../core/changes/digest.ts';
import type { SlackMessage } from '../../../usecases/ports/slack.ts';
import { button } from '../buttons.ts';
import { mentions } from './mention.ts';
import { accountName, type Look, moment, personName, shortName } from './names.ts';
import { code, context, fields, header, prose, section } from './text.ts';

/** That somebody took access in an emergency, as loud as a channel gets, and what whoever reviews it can say. */
export const renderEmergency =
  (look: Look) =>
  (change: Change): SlackMessage => {
    const { plan, review, decisions } = change;
    const taken = decisions.find(({ rule }) => rule.startsWith('standing:'));
    const title = `EMERGENCY ACCESS: ${shortName(plan.target)}`;
    return {
      text: `<!channel> ${prose(`${title}. Nobody was asked before; somebody else has to review it.`)}`,
      blocks: [
        header(title),
        section('<!channel> *Access was taken in an emergency. Nobody was asked before.*', statusOf(look, review)),
        fields([
          ['Taken by', personName(look, change.requester)],
          ['On', code(plan.target, 300)],
          ['Account', accountName(look, plan.account)],
          ['Standing decision', code(taken?.rule ?? '', 80)],
          ['Change', code(change.id, 100)],
        ]),
        ...(isReviewDue(change) ? asking(look, change) : []),
      ],
    };
  };

function statusOf(look: Look, review: Review | undefined): string {
  if (review === undefined) return '';
  const { said, due, overdue } = review;
  if (said !== null) {
    const who = `${personName(look, said.by)} at ${moment(said.at)}`;
    return said.verdict === 'approve'
      ? `*Reviewed* by ${who}: it was right.`
      : `*Reviewed* by ${who}: it was *not* right. It is being taken back.`;
  }
  return overdue
    ? `*THE REVIEW IS OVERDUE* since ${moment(due)}. Nobody has looked at it.`
    : `*Review due* by ${moment(due)}.`;
}

function asking(look: Look, change: Change): KnownBlock[] {
  const subject = { id: change.id, digest: digestToDecide(change), version: change.version };
  return [
    {
      type: 'actions',
      elements: [
        button(look.nonceKey, 'change:approve', subject, { text: 'It was right' }),
        button(look.nonceKey, 'change:deny', subject, { text: 'It was not', style: 'danger' }),
      ],
    },
    context(
      'For an approver who is none of those it is about. *It was not*: ends the access at once.',
      `Where a click is not enough: \`npx leastwise confirm ${change.id}\``,
    ),
  ];
}

/** In the thread of the emergency's message, by name: half of the time is over, or all of it. */
export const renderReviewDue =
  (look: Look) =>
  (change: Change, reviewers: readonly string[]): SlackMessage => {
    const { review } = change;
    const isDue = review !== undefined && isReviewDue(change);
    const when = review?.overdue
      ? `*is overdue* since ${moment(review.due)}`
      : `is due by ${review ? moment(review.due) : ''}`;
    const words = isDue
      ? `${mentions(look, reviewers)} the review of this emergency access ${when}.`
      : 'It was reviewed.';
    return { text: words, blocks: [section(words)] };
  };

/** In the thread of what waits, by name: half of the time to decide is over. */
export const renderEscalation =
  (look: Look) =>
  (change: Change, waitingFor: readonly string[]): SlackMessage => {
    const { decideBy, undo, state } = change;
    const until = state === 'undo-planned' && undo ? undo.decideBy : decideBy;
    const isWaiting = state === 'planned' || state === 'undo-planned';
    const words = isWaiting
      ? `${mentions(look, waitingFor)} this waits for an answer, and half of the time is over. It lapses at ${moment(until)}.`
      : 'It does not wait any more.';
    return { text: words, blocks: [section(words)] };
  };
