import type { KnownBlock } from '@slack/types';
import type { SlackMessage } from '../../../usecases/ports/slack.ts';

/** What Slack would refuse in the message; empty when it would take it. */
export function refusedBySlack({ text, blocks }: SlackMessage): string[] {
  const faults = blocks.flatMap((block, index) => blockFaults(block).map((fault) => `block ${index}: ${fault}`));
  if (blocks.length > 50) faults.push('more than 50 blocks');
  if (text.length === 0 || text.length > 3000) faults.push(`text of ${text.length}`);
  if (JSON.stringify(blocks).length > 60_000) faults.push('the whole is too large for the inbox');
  return faults;
}

function blockFaults(block: KnownBlock): string[] {
  if (block.type === 'header') return size('header', block.text.text, 150);
  if (block.type === 'context') {
    return block.elements.flatMap((it) => (it.type === 'mrkdwn' ? size('context', it.text, 3000) : [it.type]));
  }
  if (block.type === 'section') {
    const fields = block.fields ?? [];
    return [
      ...(block.text ? size('section', block.text.text, 3000) : []),
      ...fields.flatMap((field) => size('field', field.text, 2000)),
      ...(fields.length > 10 ? ['too many fields'] : []),
      ...(!block.text && fields.length === 0 ? ['an empty section'] : []),
    ];
  }
  if (block.type !== 'actions') return [`unexpected ${block.type}`];
  return block.elements.flatMap((it) =>
    it.type === 'button'
      ? [
          ...size('button', it.text.text, 75),
          ...size('value', it.value ?? '', 2000),
          ...size('action id', it.action_id ?? '', 255),
        ]
      : [`unexpected ${it.type}`],
  );
}

const size = (name: string, text: string, max: number): string[] =>
  text.length === 0 || text.length > max ? [`${name} of ${text.length}`] : [];

/** Every text in which Slack interprets mentions, links and formatting. */
export const interpretedTexts = ({ text, blocks }: SlackMessage): string[] => [
  text,
  ...blocks.flatMap((block) => {
    if (block.type === 'context') return block.elements.flatMap((it) => (it.type === 'mrkdwn' ? [it.text] : []));
    if (block.type !== 'section') return [];
    return [block.text, ...(block.fields ?? [])].flatMap((it) => (it?.type === 'mrkdwn' ? [it.text] : []));
  }),
];

/** Every text that a person reads. */
export const readTexts = (message: SlackMessage): string[] => [
  ...interpretedTexts(message),
  ...message.blocks.flatMap((block) => {
    if (block.type === 'header') return [block.text.text];
    return block.type === 'section' && block.text?.type === 'plain_text' ? [block.text.text] : [];
  }),
];
