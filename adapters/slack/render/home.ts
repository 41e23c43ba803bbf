import type { HomeView, KnownBlock } from '@slack/types';
import type { Change } from '../../../core/changes/change.ts';
import type { Lease } from '../../../core/leases/lease.ts';
import type { HomePage } from '../../../usecases/ports/slack-views.ts';
import { button } from '../buttons.ts';
import { backlogLine, byWorth } from './backlog.ts';
import { decideButtons, titleOf } from './change.ts';
import { changeTerms } from './change-terms.ts';
import { ending, leaseStatus } from './lease.ts';
import { loanBlocks } from './loan-difference.ts';
import { accountName, counted, type Look, moment, personName, shortName } from './names.ts';
import { code, context, header, plainSection, section } from './text.ts';

/** Slack takes no more blocks in a view; two are kept for saying that something is left out. */
const most = { blocks: 98, each: 10 } as const;

/** The app's page: one person's leases, what they could decide, what they wait for, and the backlog. */
export const renderHome =
  (look: Look) =>
  ({ at, leases, approvals, waiting, backlog }: HomePage): HomeView => {
    const blocks = [
      ...opening(look),
      ...part('Lent to you', 'Nothing is lent to you.', leases, (lease) => leaseBlocks(look, lease)),
      ...part('Yours to decide', 'Nothing waits for you.', approvals, (change) => approvalBlocks(look, change)),
      ...part('You wait for', 'You wait for nothing.', waiting, (change) => [waitingLine(look, change)]),
      ...part('Permissions nobody uses', 'Nothing waits to be opened.', byWorth(backlog), (change) =>
        backlogLine(look, change),
      ),
    ];
    const isCut = blocks.length > most.blocks;
    const more = isCut ? ['There is more than a page can show: `/leastwise status`, and the channel.'] : [];
    return {
      type: 'home',
      blocks: [
        ...blocks.slice(0, most.blocks),
        context(...more, `As of ${moment(at)}; opening the page brings it up to date.`),
      ],
    };
  };

/** For whoever has no page. */
export const renderNoHome = (words: string): HomeView => ({ type: 'home', blocks: [plainSection(words.split('\n'))] });

function opening(look: Look): KnownBlock[] {
  const subject = { id: 'home', digest: '', version: 1 };
  return [
    {
      type: 'actions',
      elements: [
        button(look.nonceKey, 'form:blank', subject, { text: 'Ask for access', style: 'primary' }),
        button(look.nonceKey, 'form:denials', subject, { text: 'What I was denied' }),
      ],
    },
  ];
}

function part<T>(title: string, none: string, all: readonly T[], blocksOf: (it: T) => KnownBlock[]): KnownBlock[] {
  const rest = all.length - most.each;
  return [
    header(all.length === 0 ? title : `${title}: ${all.length}`),
    ...(all.length === 0 ? [context(none)] : all.slice(0, most.each).flatMap(blocksOf)),
    ...(rest > 0 ? [context(`… and ${rest} more`)] : []),
  ];
}

function leaseBlocks(look: Look, lease: Lease): KnownBlock[] {
  const line = section(
    `*${code(shortName(lease.carrier), 100)}* in ${accountName(look, lease.account)}`,
    leaseStatus(lease),
  );
  return lease.state === 'active' ? [line, ending(look, lease)] : [line];
}

function approvalBlocks(look: Look, change: Change): KnownBlock[] {
  const whose = `for ${personName(look, change.beneficiary ?? change.requester)}, until ${moment(change.decideBy)}`;
  return [
    section(`*${code(titleOf(change), 150)}* in ${accountName(look, change.plan.account)}, ${whose}`),
    ...changeTerms(change.plan.terms),
    ...loanBlocks(look, change),
    ...decideButtons(look, change),
  ];
}

const waitingLine = (look: Look, { plan, state, decideBy, decisions }: Change): KnownBlock =>
  section(
    `${plan.kind} on ${code(shortName(plan.target), 100)} in ${accountName(look, plan.account)}: ${state}, until ${moment(decideBy)}; ${counted(decisions.length, 'answer')} so far`,
  );
