import fc from 'fast-check';
import { memoryInbox } from '../../adapters/memory/inbox.ts';
import { proveForm } from '../../adapters/slack/form-proof.ts';
import { sign } from '../../adapters/slack/verify.ts';
import { type Instant, plusSeconds, secondsOf } from '../../core/time.ts';
import { receiveSlackHandler } from '../../lambdas/receive-slack/handler.ts';
import { suggestOptionsHandler } from '../../lambdas/suggest-options/handler.ts';
import type { SuggestOptionsDeps } from '../../usecases/suggest-options.ts';
import {
  app,
  asJson,
  filledIn,
  formKey,
  happened,
  pressed,
  type SignedRequest,
  sentOff,
  signed,
  signingSecret,
  suggesting,
  team,
} from '../adapters/slack/requests.ts';

const noon = '2026-03-01T12:00:00Z' as Instant;
/** Another seed is another thousand: `FORGERIES=7 npm test -- forged-views`. */
const seed = Number(process.env.FORGERIES ?? 20_260_301);

/** Where a forgery differs from what Slack would send. */
interface Other {
  over?: Record<string, unknown>;
  view?: Record<string, unknown>;
}
type Made = (other?: Other) => string;

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const home = (view: Record<string, unknown> = {}) => ({ id: 'VH', type: 'home', app_id: app, ...view });

/** Everything that comes out of a form or the app's page, as Slack sends it. */
const submissions = text.map(
  (reason): Made =>
    (other) =>
      sentOff(filledIn({ reason: { value: `for ${reason}` } }), other),
);
const suggestions = text.map(
  (typed): Made =>
    (other) =>
      suggesting('actions', typed, other),
);
const clicks = text.map(
  (value): Made =>
    ({ over = {}, view = {} } = {}) =>
      pressed({ action: 'leastwise:lease:revoke', value, over: { view: home(view), ...over } }),
);
const events = text.map(
  (tab): Made =>
    ({ over = {} } = {}) =>
      happened({ type: 'app_home_opened', user: 'U1', tab }, { event_id: `Ev${tab}`, ...over }),
);
const inViews = fc.oneof(submissions, suggestions, clicks);
const inForms = fc.oneof(submissions, suggestions);
const every = fc.oneof(submissions, suggestions, clicks, events);

const request = (body: string, at: Instant = noon, secret = signingSecret): SignedRequest =>
  body.startsWith('{') ? asJson(signed(body, at, secret)) : signed(body, at, secret);
const withHeader = (it: SignedRequest, header: string, value: string): SignedRequest => ({
  ...it,
  headers: { ...it.headers, [header]: value },
});

/** Ids that look like ours and are not. */
const notThis = (id: string) =>
  fc.oneof(
    fc.constantFrom(
      id.toLowerCase(),
      `${id} `,
      ` ${id}`,
      `${id}\u0000`,
      `${id}\u200b`,
      `${id}1`,
      '',
      'Ｔ1',
      'Т1',
      'А1',
    ),
    text.filter((it) => it !== id),
  );
const seconds = fc.integer({ min: 301, max: 9_000_000 });
const proof = proveForm(formKey, { team, user: 'U1' }, 'f'.repeat(64));

const kinds: Record<string, fc.Arbitrary<SignedRequest>> = {
  'another secret': fc
    .tuple(every, text)
    .filter(([, secret]) => secret !== signingSecret)
    .map(([make, secret]) => request(make(), noon, secret)),
  'no signature': every.map((make) => withHeader(request(make()), 'x-slack-signature', '')),
  'one byte changed': fc.tuple(every, fc.nat(), fc.integer({ min: 1, max: 255 })).map(([make, place, by]) => {
    const it = request(make());
    const bytes = Buffer.from(it.body);
    bytes[place % bytes.length] = (bytes[place % bytes.length]! + by) % 256;
    return { ...it, body: bytes };
  }),
  'too old': fc.tuple(every, seconds).map(([make, age]) => request(make(), plusSeconds(noon, -age))),
  'from the future': fc.tuple(every, seconds).map(([make, age]) => request(make(), plusSeconds(noon, age))),
  'an old one under a new timestamp': fc
    .tuple(every, seconds)
    .map(([make, age]) =>
      withHeader(request(make(), plusSeconds(noon, -age)), 'x-slack-request-timestamp', String(secondsOf(noon))),
    ),
  'too large': fc.tuple(every, fc.integer({ min: 256 * 1024, max: 280 * 1024 })).map(([make, size]) => {
    const body = make();
    const at = String(secondsOf(noon));
    const bytes = Buffer.from(body.startsWith('{') ? `${body}${' '.repeat(size)}` : `${body}&x=${'x'.repeat(size)}`);
    return {
      ...request(body),
      headers: { ...request(body).headers, 'x-slack-signature': sign(signingSecret, at, bytes) },
      body: bytes,
    };
  }),
  'another app': fc.tuple(every, notThis(app)).map(([make, id]) => request(make({ over: { api_app_id: id } }))),
  'another team': fc
    .tuple(inViews, notThis(team))
    .map(([make, id]) => request(make({ over: { team: { id }, enterprise: { id } } }))),
  'an event of another team': fc
    .tuple(events, notThis(team))
    .map(([make, id]) => request(make({ over: { team_id: id, enterprise_id: id } }))),
  'an event without a number': events.map((make) => request(make({ over: { event_id: '' } }))),
  'an event of another kind': fc
    .tuple(
      events,
      text.filter((it) => it !== 'event_callback' && it !== 'url_verification'),
    )
    .map(([make, type]) => request(make({ over: { type } }))),
  'a view of another app': fc.tuple(inViews, notThis(app)).map(([make, id]) => request(make({ view: { app_id: id } }))),
  'a view without its app': inViews.map((make) => request(make({ view: { app_id: null } }))),
  'a form that was filled for somebody else': fc
    .tuple(inForms, notThis('U1'))
    .map(([make, id]) => request(make({ over: { user: { id, username: 'somebody', team_id: team } } }))),
  'a form that was filled for another team': fc
    .tuple(inForms, notThis(team))
    .map(([make, id]) => request(make({ over: { user: { id: 'U1', username: 'somebody', team_id: id } } }))),
  'a form that proves nothing': fc
    .tuple(
      inForms,
      fc.oneof(text, fc.json(), fc.constantFrom('', 'f'.repeat(64), `${'f'.repeat(64)}.`, proof.toUpperCase())),
    )
    .map(([make, metadata]) => request(make({ view: { private_metadata: metadata } }))),
  'a form whose proof is another’s': fc
    .tuple(inForms, fc.constantFrom('another key', ''))
    .map(([make, key]) =>
      request(make({ view: { private_metadata: proveForm(key, { team, user: 'U1' }, 'f'.repeat(64)) } })),
    ),
  'a form whose number was changed': fc
    .tuple(inForms, fc.constantFrom('0', '1', 'a', 'e'))
    .map(([make, digit]) => request(make({ view: { private_metadata: digit + proof.slice(1) } }))),
  'a view of a kind that there is not': fc
    .tuple(
      inForms,
      text.filter((it) => it !== 'home'),
    )
    .map(([make, type]) => request(make({ view: { type, private_metadata: '' } }))),
  'a form said to be an event': inViews.map((make) => asJson(signed(make(), noon))),
  'an event said to be a form': events.map((make) => signed(make(), noon)),
  'an event that is no text': events.map((make) => {
    const bytes = Buffer.concat([Buffer.from(make()), Buffer.from([0xff])]);
    const at = String(secondsOf(noon));
    return withHeader({ ...request(make()), body: bytes }, 'x-slack-signature', sign(signingSecret, at, bytes));
  }),
  'JSON that is no event': fc
    .oneof(
      fc.json(),
      fc.constantFrom('{', '{}', '{"type":"url_verification"}', '{"type":"url_verification","challenge":""}'),
    )
    .filter((body) => body.startsWith('{'))
    .map((body) => asJson(signed(body, noon))),
  'the address confirmed by somebody else': text.map((challenge) =>
    asJson(signed(JSON.stringify({ type: 'url_verification', challenge: `c${challenge}` }), noon, 'another')),
  ),
};

const perKind = Math.ceil(1000 / Object.keys(kinds).length);
const forgeries = Object.entries(kinds).flatMap(([kind, arbitrary]) =>
  fc.sample(arbitrary, { seed, numRuns: perKind }).map((it) => ({ kind, it })),
);
const onTheWire = ({ headers, body }: SignedRequest) => ({
  headers,
  body: body.toString('base64'),
  isBase64Encoded: true,
});

function endpoints() {
  const inbox = memoryInbox();
  const kept: string[] = [];
  const counts: string[] = [];
  const expected = { signingSecret, formKey, slack: { app, team } };
  const common = { expected, count: (refusal: string) => void counts.push(refusal), now: () => noon };
  const receive = receiveSlackHandler({
    ...common,
    lending: { maxHours: 8 },
    inbox: {
      ...inbox,
      store: async (item) => {
        kept.push(item.id);
        return inbox.store(item);
      },
    },
    openForm: async (trigger) => void kept.push(trigger),
    unopened: (fault) => kept.push(String(fault)),
    enqueue: async (id) => void kept.push(`queued ${id}`),
  });
  // There is nothing to read here: whatever got so far fails, and is told.
  const suggest = suggestOptionsHandler({
    ...common,
    ...({} as SuggestOptionsDeps),
    failed: (fault) => kept.push(String(fault)),
  });
  return { receive, suggest, kept, counts };
}

test(`of ${forgeries.length} forgeries out of forms, pages and events (seed ${seed}) neither endpoint takes any`, async () => {
  expect(forgeries.length).toBeGreaterThanOrEqual(1000);
  const { receive, suggest, kept, counts } = endpoints();
  const taken: string[] = [];
  for (const { kind, it } of forgeries) {
    for (const endpoint of [receive, suggest]) {
      const { statusCode = 0, body } = await endpoint(onTheWire(it));
      if (statusCode < 400 || statusCode > 499 || body !== '') taken.push(`${kind}: ${statusCode}`);
    }
  }
  expect(taken).toEqual([]);
  expect(kept).toEqual([]);
  expect(counts).toHaveLength(2 * forgeries.length);
});

test('what they are made of is taken where it is genuine, and each once', async () => {
  const { receive, kept, counts } = endpoints();
  const genuine = fc.sample(fc.oneof(submissions, clicks, events), { seed, numRuns: 60 }).map((make) => make());
  for (const body of [...genuine, ...genuine]) expect((await receive(onTheWire(request(body)))).statusCode).toBe(200);
  expect(counts).toEqual([]);
  expect(new Set(kept.filter((each) => each.startsWith('queued'))).size).toBe(new Set(genuine).size);
});
