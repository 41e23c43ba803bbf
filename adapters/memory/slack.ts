import {
  type Listener,
  MessageGone,
  type MessageRef,
  type SlackClient,
  type SlackMessage,
} from '../../usecases/ports/slack.ts';
import { keep } from './freeze.ts';

/** One message as it stands in a channel. */
export interface ChannelMessage extends SlackMessage {
  channel: string;
  /** Slack's id of the message in its channel. */
  ts: string;
  /** From the metadata. */
  key: string;
  thread: string | null;
  /** How often it was updated. */
  edits: number;
}

/** What somebody was told for their eyes only. */
interface Whisper {
  to: Listener;
  text: string;
}

/** Slack in this process: channels with messages, in the order in which they were posted. */
export interface MemorySlack extends SlackClient {
  messages(channel: string): readonly ChannelMessage[];
  whispers(): readonly Whisper[];
  /** What a person with the right to do so can do to any message. */
  remove(ref: MessageRef): void;
}

/** An empty Slack. `now` gives seconds since 1970 for the messages' ids. */
export function memorySlack(now: () => number = () => 0): MemorySlack {
  const posted: ChannelMessage[] = [];
  const whispered: Whisper[] = [];
  let count = 0;
  const indexOf = ({ channel, ts }: MessageRef) => posted.findIndex((it) => it.channel === channel && it.ts === ts);

  return {
    async post(channel, key, message, thread) {
      count += 1;
      const ts = `${Math.floor(now())}.${String(count).padStart(6, '0')}`;
      posted.push(keep({ ...message, channel, ts, key, thread: thread ?? null, edits: 0 }));
      return { channel, ts };
    },
    async update(ref, key, message) {
      const before = posted[indexOf(ref)];
      if (before === undefined) throw new MessageGone(ref);
      posted[indexOf(ref)] = keep({ ...before, ...message, key, edits: before.edits + 1 });
    },
    async tell(to, text) {
      whispered.push(keep({ to, text }));
    },
    async find(channel, key) {
      const found = posted.findLast((it) => it.channel === channel && it.key === key && it.thread === null);
      return found && { channel: found.channel, ts: found.ts };
    },
    messages: (channel) => posted.filter((it) => it.channel === channel),
    whispers: () => [...whispered],
    remove: (ref) => void posted.splice(indexOf(ref), 1),
  };
}
