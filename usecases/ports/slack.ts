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

/** Where somebody clicked or typed: the answer is for their eyes only. */
export interface Listener {
  user: string;
  channel: string;
  /** Slack's short-lived webhook for this interaction; null where it sent none. */
  responseUrl: string | null;
}

/** Thrown by `update` when the message does not stand in the channel any more: somebody deleted it. */
export class MessageGone extends Error {
  constructor(ref: MessageRef) {
    super(`message ${ref.ts} is gone from ${ref.channel}`);
    this.name = 'MessageGone';
  }
}

/** What Leastwise needs of Slack. The message is a view: nothing is ever read back from its text. */
export interface SlackClient {
  /** `key` goes into the message's metadata. */
  post(channel: string, key: string, message: SlackMessage, thread?: string): Promise<MessageRef>;
  /** Throws MessageGone where it was deleted. */
  update(ref: MessageRef, key: string, message: SlackMessage): Promise<void>;
  /** Shows a text to one person only. */
  tell(to: Listener, text: string): Promise<void>;
  /** The message in the channel that carries the key in its metadata; used after a crash between post and store. */
  find(channel: string, key: string): Promise<MessageRef | undefined>;
}

/** One row a message key: claimed before posting, resolved after, so that a crash posts nothing twice. */
export interface MessageStore {
  find(key: string): Promise<StoredMessage | undefined>;
  /** Creates the claim; false when one exists. */
  claim(key: string, channel: string, at: string): Promise<boolean>;
  /** Takes over a claim that nobody resolved, if it still was made at `claimedAt`; false when somebody else did. */
  reclaim(key: string, claimedAt: string, at: string): Promise<boolean>;
  resolve(key: string, ref: MessageRef, digest: string): Promise<void>;
  /** Moves the message of a superseded case to its successor; changes nothing where that one has its own, or none is there. */
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

/**
 * What somebody is in the workspace. `stranger`: nobody of it, as whoever comes by way of a shared channel; `unseen`: the
 * app may not ask.
 */
export type Standing = 'member' | 'guest' | 'deactivated' | 'stranger' | 'unseen';

export interface SlackMembers {
  standing(who: { team: string; user: string }): Promise<Standing>;
}
