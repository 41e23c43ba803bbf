import type { KnownBlock } from '@slack/types';

export interface SlackMessage {
  /** Shown in notifications and to screen readers. */
  text: string;
  blocks: readonly KnownBlock[];
}

export interface MessageRef {
  channel: string;
  ts: string;
}

/** What Leastwise needs of Slack. The message is a view: nothing is ever read back from its text. */
export interface SlackClient {
  /** `key` goes into the message's metadata. */
  post(channel: string, key: string, message: SlackMessage, thread?: string): Promise<MessageRef>;
  update(ref: MessageRef, key: string, message: SlackMessage): Promise<void>;
  /** The message in the channel that carries the key in its metadata; used after a crash between post and store. */
  find(channel: string, key: string): Promise<MessageRef | undefined>;
}

/** One row a message key: claimed before posting, resolved after, so that a crash posts nothing twice. */
export interface MessageStore {
  find(key: string): Promise<StoredMessage | undefined>;
  /** Creates the claim; false when one exists. */
  claim(key: string, channel: string, at: string): Promise<boolean>;
  resolve(key: string, ref: MessageRef, digest: string): Promise<void>;
  /** Moves the message of a superseded case to its successor. */
  rename(from: string, to: string): Promise<void>;
}

export interface StoredMessage {
  key: string;
  channel: string;
  /** null: claimed, perhaps posted. */
  ts: string | null;
  claimedAt: string;
  /** Hash of what it shows, so that an unchanged view is not sent again. */
  digest: string | null;
}
