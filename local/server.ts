import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import * as z from 'zod/mini';
import type {
  Calendar,
  ClickRequest,
  FormRequest,
  Options,
  OptionsRequest,
  State,
  SubmitRequest,
  Submitted,
} from './api.ts';
import type { Page } from './page.ts';
import type { SlackHttpRequest } from './slack-clicks.ts';
import type { SlackAnswer } from './system.ts';

/** What the server asks of the system behind it. Sentences thrown as `Refused` go to the page; other faults do not. */
export interface Behind {
  state(): Promise<State>;
  calendar(principal: string): Promise<Calendar | undefined>;
  revision(): number;
  /** Calls back whenever the revision grew; returns "stop". */
  onChange(listener: () => void): () => void;
  slack(request: SlackHttpRequest): Promise<SlackAnswer>;
  click(click: ClickRequest): Promise<void>;
  options(asked: OptionsRequest): Promise<Options>;
  submit(form: SubmitRequest): Promise<Submitted>;
  close(form: FormRequest): Promise<void>;
  home(opened: { as: string }): Promise<void>;
  request(asked: { as: string; text: string }): Promise<void>;
  clock(order: { pause: boolean } | { speed: number } | { advance: number }): Promise<void>;
  attack(): Promise<void>;
}

/** Something that the watcher asked for and that cannot be done; the message is for them. */
export class Refused extends Error {}

const text = z.string().check(z.minLength(1), z.maxLength(4000));
const surface = z.optional(z.enum(['form', 'home']));
const clickBody = z.object({ actionId: text, value: text, as: text, surface });
const formBody = z.object({ as: text, form: text });
const values = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));
const submitBody = z.object({ as: text, form: text, values });
const optionsBody = z.object({ as: text, form: text, values, field: text, typed: z.string().check(z.maxLength(500)) });
const requestBody = z.object({ as: text, text });
const clockBody = z.union([
  z.strictObject({ pause: z.boolean() }),
  z.strictObject({ speed: z.number().check(z.positive()) }),
  z.strictObject({ advance: z.number().check(z.positive()) }),
]);

/** More than Slack ever sends. */
const mostBytes = 512 * 1024;

/** The routes of api.ts. `page` is awaited, so that the server can listen before the bundle is made. */
export function routes(behind: Behind, page: () => Promise<Page>): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const refusal = foreign(context);
    if (refusal) return context.json({ error: refusal }, 403);
    context.header(
      'Content-Security-Policy',
      "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
    );
    context.header('X-Content-Type-Options', 'nosniff');
    context.header('Cache-Control', 'no-store');
    return next();
  });
  app.use(bodyLimit({ maxSize: mostBytes, onError: (context) => context.json({ error: 'Too long.' }, 413) }));
  app.get('/', async (context) => context.html((await page()).html));
  app.get('/page.js', async (context) =>
    context.body((await page()).script, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  );
  app.get('/page.css', async (context) =>
    context.body((await page()).style, 200, { 'Content-Type': 'text/css; charset=utf-8' }),
  );
  app.get('/favicon.ico', (context) => context.body(null, 204));
  app.get('/api/state', async (context) => context.json(await behind.state()));
  app.get('/api/ledger', async (context) => {
    const calendar = await behind.calendar(context.req.query('principal') ?? '');
    return calendar ? context.json(calendar) : context.json({ error: 'nobody of that id is in the ledger' }, 404);
  });
  app.get('/api/events', (context) => events(context, behind));
  app.post('/slack/interactions', async (context) => {
    const headers = Object.fromEntries(context.req.raw.headers);
    const { status, body } = await behind.slack({ headers, body: await context.req.text() });
    return new Response(body, { status });
  });
  post(app, '/api/click', clickBody, (body) => behind.click(body));
  post(app, '/api/options', optionsBody, (body) => behind.options(body));
  post(app, '/api/submit', submitBody, (body) => behind.submit(body));
  post(app, '/api/close', formBody, (body) => behind.close(body));
  post(app, '/api/home', z.object({ as: text }), (body) => behind.home(body));
  post(app, '/api/request', requestBody, (body) => behind.request(body));
  post(app, '/api/clock', clockBody, (body) => behind.clock(body));
  post(app, '/api/attack', z.object({}), () => behind.attack());
  app.onError((error, context) => {
    if (error instanceof Refused) return context.json({ error: error.message }, 400);
    console.error(error);
    return context.json({ error: 'That failed; the terminal says why.' }, 500);
  });
  return app;
}

/** Why a request is not from our own page; undefined when it may be. */
function foreign({ req }: Context): string | undefined {
  const host = req.header('host') ?? '';
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host)) return 'This server answers to 127.0.0.1 only.';
  const origin = req.header('origin');
  if (origin !== undefined && origin !== `http://${host}`) return 'Other pages may not use this server.';
  const isCall = req.method === 'POST' && req.path.startsWith('/api/');
  if (isCall && !req.header('content-type')?.startsWith('application/json')) return 'Calls are application/json.';
  return undefined;
}

/** Answers what comes of it, or `{}`. */
function post<T>(app: Hono, path: string, schema: z.ZodMiniType<T>, act: (body: T) => Promise<unknown>): void {
  app.post(path, async (context) => {
    const json: unknown = await context.req.json().catch(() => undefined);
    const { data, error } = z.safeParse(schema, json ?? {});
    if (error)
      return context.json({ error: `The body's ${error.issues[0]?.path.join('.') || 'form'} is not as agreed.` }, 400);
    return context.json(((await act(data)) ?? {}) as object);
  });
}

function events(context: Context, behind: Behind): Response {
  return streamSSE(context, async (stream) => {
    let wake = () => {};
    const stop = behind.onChange(() => wake());
    stream.onAbort(() => {
      stop();
      wake();
    });
    let told = -1;
    while (!stream.aborted && !stream.closed) {
      if (told !== behind.revision()) {
        told = behind.revision();
        await stream.writeSSE({ data: String(told) });
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  });
}
