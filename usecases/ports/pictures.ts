import type { UsualDays } from '../../core/anomaly/usual-days.ts';
import type { SlackMessage } from './slack.ts';

/** Pictures beside a message. A picture that fails is left out: the message matters more. */
export interface Pictures {
  /** Draws the weeks and puts them where Slack finds them, under the name that is given back; undefined where that failed. */
  share(usual: UsualDays): Promise<string | undefined>;
  /** The message with the picture in it, `words` for whoever does not see it. */
  within(message: SlackMessage, picture: string, words: string): SlackMessage;
}
