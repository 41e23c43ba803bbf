import type { KnownBlock } from '@slack/types';
import { WebAPIPlatformError } from '@slack/web-api';
import { type Listener, MessageGone, type SlackClient, type SlackMessage } from '../../usecases/ports/slack.ts';
import { whisper } from './render/whisper.ts';
import { retryAfter } from './retry-after.ts';
import { timeout, webClient } from './web-client.ts';

export interface Options {
  /** The bot token. */
  token: string;
  /** Our app's id: another app's metadata are not ours. */
  app: string;
  /** Resolves after so many seconds. */
  wait(seconds: number): Promise<void>;
  /** Slack's, or a stand-in's. */
  apiUrl?: string;
  /** For answers to Slack's short-lived webhooks. */
  fetch?: typeof globalThis.fetch;
}

/** Type of the metadata that carry a message's key. */
const eventType = 'leastwise_message';
const pageSize = 200;
/** How far back a message is looked for after a crash: it was posted minutes ago. */
const mostPages = 5;

/**
 * Slack's Web API. A call is sent again only when Slack answered that it did not take it (429, after Retry-After).
 * Where no answer came, the message may have been posted, so nothing is repeated: the fault is thrown, and the caller
 * looks for the message by its key before it posts again.
 */
export function slackClient({ token, app, wait, apiUrl, fetch = globalThis.fetch }: Options): SlackClient {
  const web = webClient({ token, apiUrl });
  const patiently = <T>(call: () => Promise<T>) => retryAfter(call, wait);

  return {
    async post(channel, key, message, thread) {
      const posted = await evenWithoutPictures(message, (shown) =>
        patiently(() =>
          web.chat.postMessage({ channel, ...content(key, shown), ...(thread && { thread_ts: thread }) }),
        ),
      );
      if (!posted.ts) throw new Error('Slack posted a message and gave it no ts');
      return { channel: posted.channel ?? channel, ts: posted.ts };
    },
    async update({ channel, ts }, key, message) {
      try {
        await evenWithoutPictures(message, (shown) =>
          patiently(() => web.chat.update({ channel, ts, ...content(key, shown) })),
        );
      } catch (fault) {
        if (fault instanceof WebAPIPlatformError && fault.data.error === 'message_not_found') {
          throw new MessageGone({ channel, ts });
        }
        throw fault;
      }
    },
    async tell(to, text) {
      if (await answered(fetch, to, text)) return;
      await patiently(() => web.chat.postEphemeral({ channel: to.channel, user: to.user, ...shown(whisper(text)) }));
    },
    async find(channel, key) {
      let cursor: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const history = await patiently(() =>
          web.conversations.history({
            channel,
            include_all_metadata: true,
            limit: pageSize,
            ...(cursor && { cursor }),
          }),
        );
        const found = history.messages?.find((message) => keyOf(message, app) === key);
        if (found?.ts) return { channel, ts: found.ts };
        cursor = history.response_metadata?.next_cursor;
        if (!cursor) return undefined;
      }
      return undefined;
    },
  };
}

/**
 * Slack looks at an uploaded file after it took it, and refuses blocks with a file that it has not looked at yet, or that somebody
 * deleted. The message matters more than its picture.
 */
async function evenWithoutPictures<T>(message: SlackMessage, send: (shown: SlackMessage) => Promise<T>): Promise<T> {
  const plain = message.blocks.filter(({ type }) => type !== 'image');
  try {
    return await send(message);
  } catch (fault) {
    const isRefused = fault instanceof WebAPIPlatformError && fault.data.error === 'invalid_blocks';
    if (!isRefused || plain.length === message.blocks.length) throw fault;
    return send({ ...message, blocks: plain });
  }
}

const shown = ({ text, blocks }: SlackMessage) => ({
  text,
  blocks: [...blocks] as KnownBlock[],
  // Links and names in it may be an attacker's: Slack must not fetch or link them.
  unfurl_links: false,
  unfurl_media: false,
  link_names: false,
  parse: 'none' as const,
});

const content = (key: string, message: SlackMessage) => ({
  ...shown(message),
  metadata: { event_type: eventType, event_payload: { key } },
});

interface HistoryMessage {
  app_id?: string;
  bot_profile?: { app_id?: string };
  metadata?: { event_type?: string; event_payload?: object };
}

function keyOf(message: HistoryMessage, app: string): string | undefined {
  const by = message.app_id ?? message.bot_profile?.app_id;
  if (message.metadata?.event_type !== eventType || by !== app) return undefined;
  const { key } = (message.metadata.event_payload ?? {}) as { key?: unknown };
  return typeof key === 'string' ? key : undefined;
}

const webhookHosts = ['hooks.slack.com', 'hooks.slack-gov.com'];

/** True when the interaction's own webhook took the answer; it lives 30 minutes and takes five. */
async function answered(fetch: typeof globalThis.fetch, to: Listener, text: string): Promise<boolean> {
  const url = URL.canParse(to.responseUrl ?? '') ? new URL(to.responseUrl ?? '') : undefined;
  if (url?.protocol !== 'https:' || !webhookHosts.includes(url.host)) return false;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...whisper(text), response_type: 'ephemeral', replace_original: false }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  }).catch(() => undefined);
  return response?.ok ?? false;
}
