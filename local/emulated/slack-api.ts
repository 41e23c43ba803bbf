import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message as it stands in the channel. */
interface Posted {
  channel: string;
  ts: string;
  text: string;
  blocks: unknown;
  app_id: string;
  metadata: unknown;
}

/** Slack's Web API over HTTP, as far as we use it, answering as Slack does. */
export interface SlackApi {
  url: string;
  posted: Posted[];
  whispers: { user: string; text: string }[];
  /** Forms that are open. */
  views: { id: string; view: { external_id?: string } }[];
  /** The app's page, by user. */
  pages: Record<string, unknown>;
  /** What `users.info` says of somebody beside the team; absent: a member. */
  standings: Record<string, 'gone' | Record<string, unknown>>;
  /** Every call: method and form. */
  calls: { method: string; form: Record<string, string>; token: string }[];
  /** Answers the next calls instead; each is used up by one call. `undefined`: as usual. */
  next: (((response: ServerResponse) => void) | undefined)[];
  close(): Promise<void>;
}

/** Listens on a free port of this machine. */
export async function slackApi(app: string): Promise<SlackApi> {
  const standIn: Omit<SlackApi, 'url' | 'close'> = {
    posted: [],
    whispers: [],
    views: [],
    pages: {},
    standings: {},
    calls: [],
    next: [],
  };
  const server: Server = createServer((request, response) => {
    void answer(standIn, app, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...standIn,
    url: `http://127.0.0.1:${port}/api/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type State = Omit<SlackApi, 'url' | 'close'>;

async function answer(state: State, app: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const method = (request.url ?? '').split('/').at(-1) ?? '';
  if (request.method === 'GET') return told(state, method, response);
  const form = body.startsWith('{') ? inJson(body) : Object.fromEntries(new URLSearchParams(body));
  state.calls.push({ method, form, token: request.headers.authorization ?? '' });
  const instead = state.next.shift();
  if (instead) return instead(response);
  const result = methods[method]?.(state, form, app) ?? { ok: false, error: 'unknown_method' };
  response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
}

/** A call may be JSON as well. */
const inJson = (body: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(JSON.parse(body) as object).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

/** `GET /api/posted` shows the channel and the whispers; `GET /api/busy` has the next call answered with 429. */
function told(state: State, what: string, response: ServerResponse): void {
  if (what === 'busy') state.next.push(rateLimited(1));
  const { posted, whispers, calls } = state;
  response
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify({ posted, whispers, calls: calls.map(({ method }) => method) }));
}

/** 429 as Slack sends it. */
export const rateLimited =
  (seconds: number) =>
  (response: ServerResponse): void => {
    response.writeHead(429, { 'retry-after': String(seconds) }).end();
  };

const methods: Record<string, (state: State, form: Record<string, string>, app: string) => object> = {
  'chat.postMessage': ({ posted }, { channel = '', text = '', blocks, metadata }, app) => {
    const ts = `1700000000.${String(posted.length + 1).padStart(6, '0')}`;
    posted.push({
      channel,
      ts,
      text,
      blocks: JSON.parse(blocks ?? '[]'),
      app_id: app,
      metadata: JSON.parse(metadata ?? 'null'),
    });
    return { ok: true, channel, ts };
  },
  'chat.update': ({ posted }, { channel = '', ts = '', text = '', blocks, metadata }) => {
    const found = posted.find((it) => it.channel === channel && it.ts === ts);
    if (!found) return { ok: false, error: 'message_not_found' };
    Object.assign(found, { text, blocks: JSON.parse(blocks ?? '[]'), metadata: JSON.parse(metadata ?? 'null') });
    return { ok: true, channel, ts };
  },
  'chat.postEphemeral': ({ whispers }, { user = '', text = '' }) => {
    whispers.push({ user, text });
    return { ok: true, message_ts: '1700000000.999999' };
  },
  'views.open': ({ views }, { trigger_id: trigger, view }) => {
    if (trigger === 'expired') return { ok: false, error: 'expired_trigger_id' };
    views.push({ id: `V${views.length + 1}`, view: JSON.parse(view ?? '{}') });
    return { ok: true, view: { id: views.at(-1)?.id } };
  },
  'views.update': ({ views }, { view_id: id, external_id: key, view }) => {
    const found = views.find((it) => (key === undefined ? it.id === id : it.view.external_id === key));
    if (!found) return { ok: false, error: 'not_found' };
    found.view = JSON.parse(view ?? '{}');
    return { ok: true, view: { id: found.id } };
  },
  'views.publish': ({ pages }, { user_id: user = '', view }) => {
    pages[user] = JSON.parse(view ?? '{}');
    return { ok: true };
  },
  'users.info': ({ standings }, { user = '' }) => {
    const standing = standings[user];
    return standing === 'gone'
      ? { ok: false, error: 'user_not_found' }
      : { ok: true, user: { id: user, team_id: 'T0LOCAL', ...standing } };
  },
  'conversations.history': ({ posted }, { channel, limit, cursor, include_all_metadata }) => {
    const newest = posted.filter((it) => it.channel === channel).reverse();
    const from = Number(cursor ?? 0);
    const to = from + Number(limit ?? 100);
    const messages = newest
      .slice(from, to)
      .map(({ metadata, ...it }) => ({ type: 'message', ...it, ...(include_all_metadata === 'true' && { metadata }) }));
    return { ok: true, messages, response_metadata: { next_cursor: to < newest.length ? String(to) : '' } };
  },
};
