import type { ImageBlock, KnownBlock } from '@slack/types';
import { WebClient } from '@slack/web-api';
import type { UsualDays } from '../../core/anomaly/usual-days.ts';
import type { Pictures } from '../../usecases/ports/pictures.ts';
import type { SlackMessage } from '../../usecases/ports/slack.ts';
import { drawUsualDays } from '../pictures/heat-calendar.ts';

export interface Options {
  /** The bot token; its scope `files:write` is needed. */
  token: string;
  /** Slack's, or a stand-in's. */
  apiUrl?: string;
  fetch?: typeof globalThis.fetch;
  /** Is told why a picture is left out. */
  failed(place: string, fault: unknown): void;
}

/** Characters of an image's words that Slack takes. */
const mostWords = 2000;
const timeout = 10_000;

/** Pictures as Slack's own files, which nobody but the workspace sees: uploaded once, shown by their id. */
export function slackPictures({ token, apiUrl, fetch = globalThis.fetch, failed }: Options): Pictures {
  const web = new WebClient(token, { ...(apiUrl && { slackApiUrl: apiUrl }), retryConfig: { retries: 0 }, timeout });
  return {
    async share(usual) {
      try {
        return await upload(web, fetch, usual);
      } catch (fault) {
        failed('picture of usual days', fault);
        return undefined;
      }
    },
    within: (message, picture, words) =>
      besideButtons(message, { type: 'image', slack_file: { id: picture }, alt_text: words.slice(0, mostWords) }),
  };
}

/** The picture stands after the reasons and before the buttons. */
export function besideButtons(message: SlackMessage, image: ImageBlock): SlackMessage {
  const isButtons = ({ type }: KnownBlock): boolean => type === 'actions';
  const at = message.blocks.findIndex(isButtons);
  const place = at < 0 ? message.blocks.length : at;
  return { ...message, blocks: [...message.blocks.slice(0, place), image, ...message.blocks.slice(place)] };
}

async function upload(web: WebClient, fetch: typeof globalThis.fetch, usual: UsualDays): Promise<string> {
  const picture = drawUsualDays(usual);
  const place = await web.files.getUploadURLExternal({
    filename: 'usual-days.png',
    length: picture.length,
    alt_text: usual.words,
    // The reference of the method spells it so.
    ...{ alt_txt: usual.words },
  });
  const { file_id: id, upload_url: url } = place;
  if (id === undefined || url === undefined) throw new Error('Slack gave no place for a picture');
  const sent = await fetch(url, {
    method: 'POST',
    body: new Uint8Array(picture),
    headers: { 'content-type': 'application/octet-stream' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  });
  if (!sent.ok) throw new Error(`Slack took no picture: ${sent.status}`);
  await web.files.completeUploadExternal({ files: [{ id, title: 'Usual days' }] });
  return id;
}
