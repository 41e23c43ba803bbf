import type { SlackMessage } from '../../../usecases/ports/slack.ts';
import type { RulesView } from '../../../usecases/ports/slack-views.ts';
import { button } from '../buttons.ts';
import { mentions } from './mention.ts';
import { type Look, moment, personName } from './names.ts';
import { code, context, fitted, header, listing, prose, section } from './text.ts';

const title = 'Who may decide what changes';

/** That the rules change, from when, and how an approver keeps that from happening. */
export const renderRules =
  (look: Look) =>
  (view: RulesView): SlackMessage => ({
    text: prose(`${title}: ${view.state}`),
    blocks: [
      header(title),
      section(statusOf(look, view), `Rules ${code(view.digest.slice(0, 12), 20)}`),
      ...(view.state === 'pending' ? asking(look, view) : []),
    ],
  });

function statusOf(look: Look, view: RulesView): string {
  switch (view.state) {
    case 'pending':
      return `${mentions(look, view.approvers)} other rules were deployed. *They count from ${moment(view.from)}*, unless an approver objects.`;
    case 'in-force':
      return `*In force* since ${moment(view.from)}.`;
    case 'objected':
      return `*${personName(look, view.by)} objected* at ${moment(view.at)}: they do not come into force. What was in force before stays.`;
    case 'withdrawn':
      return '*Not deployed any more*: they do not come into force.';
  }
}

const longestList = 2500;

function asking(look: Look, { digest, version, differences }: Extract<RulesView, { state: 'pending' }>) {
  const subject = { id: 'rules', digest, version };
  return [
    listing(
      fitted(
        differences.map((line) => line.slice(0, 400)),
        longestList,
      ).split('\n'),
      longestList,
    ),
    {
      type: 'actions' as const,
      elements: [button(look.nonceKey, 'rules:object', subject, { text: 'I object', style: 'danger' })],
    },
    context(
      '*I object*: for whoever may approve under the rules in force, also for whom these would take that away.',
      'Whoever is taken out approves and asks for nothing from now on.',
    ),
  ];
}
