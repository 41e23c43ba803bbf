import { createHash } from 'node:crypto';
import { type Instant, secondsOf } from '../core/time.ts';
import {
  MessageGone,
  type MessageRef,
  type MessageStore,
  type SlackClient,
  type SlackMessage,
  type StoredMessage,
} from './ports/slack.ts';

export interface Deps {
  messages: MessageStore;
  slack: Pick<SlackClient, 'post' | 'update' | 'find'>;
  channel: string;
  /** The message under which it is posted; absent: it stands by itself. */
  thread?: string;
  now(): Instant;
}

/** Thrown while another function is posting the same message, or died doing so a moment ago: to be tried again. */
export class BeingPosted extends Error {
  constructor(key: string) {
    super(`message ${key} is being posted by somebody else`);
    this.name = 'BeingPosted';
  }
}

/** Seconds after which a claim that was not resolved is taken over; longer than a function may run. */
export const claimSeconds = 120;
/** However fast the view changes, one call updates it at most this often; the event of a later change brings it up. */
const mostTurns = 5;

/**
 * Makes the message under `key` show what `view` gives now: posted once, updated in place only when it differs. The
 * view is read again after every update, so of several functions at work whoever writes last writes the newest.
 * Without a view nothing is shown.
 */
export const showMessage =
  (deps: Deps) =>
  async (key: string, view: () => Promise<SlackMessage | undefined>): Promise<void> => {
    for (let turn = 0; turn < mostTurns; turn += 1) {
      const message = await view();
      if (message === undefined || !(await bringUp(deps, key, message))) return;
    }
  };

/** True when Slack was told something. */
async function bringUp(deps: Deps, key: string, message: SlackMessage): Promise<boolean> {
  const { messages, slack, channel, thread } = deps;
  const digest = digestOf(message);
  const ref = await settle(deps, key);
  if (ref !== undefined && ref.digest === digest) return false;
  const shown = ref === undefined ? await slack.post(channel, key, message, thread) : await replace(deps, ref, message);
  await messages.resolve(key, { channel: shown.channel, ts: shown.ts }, digest);
  return true;
}

/** Updates in place. A message that somebody deleted is posted again: deleting it must not hide what it says. */
async function replace({ slack, channel, thread }: Deps, ref: Standing, message: SlackMessage): Promise<MessageRef> {
  try {
    await slack.update(ref, ref.key, message);
    return ref;
  } catch (fault) {
    if (!(fault instanceof MessageGone)) throw fault;
    // Perhaps it was posted again already, by a function that died before it could say so.
    const again = await slack.find(channel, ref.key);
    if (again === undefined) return slack.post(channel, ref.key, message, thread);
    await slack.update(again, ref.key, message);
    return again;
  }
}

/** A message that stands in Slack. */
type Standing = StoredMessage & MessageRef;

/**
 * The message under the key; undefined when there is none and this call holds the claim to post it. A claim left behind
 * by a crash is taken over, and Slack is asked whether the message had been posted before the crash.
 */
async function settle(deps: Deps, key: string): Promise<Standing | undefined> {
  const { messages, slack, channel, now } = deps;
  const stored = await messages.find(key);
  if (stored === undefined) {
    if (!(await messages.claim(key, channel, now()))) throw new BeingPosted(key);
    return undefined;
  }
  if (stored.ts !== null) return { ...stored, ts: stored.ts };
  if (!(await takeOver(deps, stored))) throw new BeingPosted(key);
  const ref = await slack.find(stored.channel, key);
  if (ref === undefined) return undefined;
  // What it shows is not known, so it is updated in any case.
  return { ...stored, ...ref, digest: null };
}

async function takeOver({ messages, now }: Deps, stored: StoredMessage): Promise<boolean> {
  const at = now();
  if (secondsOf(at) - secondsOf(stored.claimedAt as Instant) < claimSeconds) return false;
  return messages.reclaim(stored.key, stored.claimedAt, at);
}

/**
 * Moves a message to another key. True when nothing remains under `from`: it was moved, or it never stood in Slack.
 * A claim left behind by a crash is settled first, because Slack knows the message by its old key only.
 */
export const moveMessage =
  (deps: Deps) =>
  async (from: string, to: string): Promise<boolean> => {
    const { messages } = deps;
    const stored = await messages.find(from);
    if (stored === undefined) return true;
    if (stored.ts === null) {
      const standing = await settle(deps, from);
      if (standing === undefined) return true;
      await messages.resolve(from, { channel: standing.channel, ts: standing.ts }, '');
    }
    await messages.rename(from, to);
    return (await messages.find(from)) === undefined;
  };

const digestOf = (message: SlackMessage): string => createHash('sha256').update(JSON.stringify(message)).digest('hex');
