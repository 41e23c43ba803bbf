import type { SlackMessage } from '../../../usecases/ports/slack.ts';
import { plainSection, prose } from './text.ts';

/** A text for one person's eyes; nothing in it is formatted or linked. */
export const whisper = (text: string): SlackMessage => ({
  text: prose(text.replaceAll('\n', ' '), 1000),
  blocks: [plainSection(text.split('\n'))],
});
