import fc from 'fast-check';
import { memoryInbox } from '../../adapters/memory/inbox.ts';
import { sign } from '../../adapters/slack/verify.ts';
import { type Instant, plusSeconds, secondsOf } from '../../core/time.ts';
import { receiveSlackHandler } from '../../lambdas/receive-slack/handler.ts';
import { suggestOptionsHandler } from '../../lambdas/suggest-options/handler.ts';
import type { SuggestOptionsDeps } from '../../usecases/suggest-options.ts';
import {
  app,
  formKey,
  pressed,
  type SignedRequest,
  signed,
  signingSecret,
  team,
  typed,
} from '../adapters/slack/requests.ts';

const noon = '2026-03-01T12:00:00Z' as Instant;
const timestamp = String(secondsOf(noon));
/** Another seed is another thousand: `FORGERIES=7 npm test -- forged-slack`. */
const seed = Number(process.env.FORGERIES ?? 20_260_301);

/** A request on the wire: an HTTP API encodes a body in base64 where it takes it for binary. */
interface Wire {
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
}

const plainly = ({ headers, body }: SignedRequest): Wire => ({
  headers,
  body: body.toString('utf8'),
  isBase64Encoded: false,
});
const inBase64 = ({ headers, body }: SignedRequest): Wire => ({
  headers,
  body: body.toString('base64'),
  isBase64Encoded: true,
});
/** Genuinely signed, whatever is in it. */
const signedBytes = (bytes: Buffer, at = timestamp, headers: Record<string, string> = {}): SignedRequest => ({
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': at,
    'x-slack-signature': sign(signingSecret, at, bytes),
    ...headers,
  },
  body: bytes,
});

/** Characters that look like others, are not drawn, or turn the direction of reading. */
const tricks = [
  '\u200b',
  '\u202e',
  '\u2066',
  '\ufeff',
  '\u00ad',
  '\u0000',
  '\u0301',
  '\u3164',
  'Т',
  'Ｔ',
  '１',
  ' ',
  '\t',
  '\n',
];
const tricky = (text: string) =>
  fc
    .tuple(fc.nat(text.length), fc.constantFrom(...tricks))
    .map(([at, trick]) => text.slice(0, at) + trick + text.slice(at));
const lookalike = (text: string) =>
  fc.oneof(
    tricky(text),
    fc.constantFrom(
      text.toLowerCase(),
      `${text} `,
      ` ${text}`,
      `${text}\u0000`,
      text.normalize('NFD').replace(/\w/, (it) => String.fromCodePoint((it.codePointAt(0) ?? 0) + 0xfee0)),
    ),
  );

const name = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  tricky('ana'),
  fc.constantFrom('ana', 'Ana', 'аnа', 'ana\u202e'),
);
const genuine = fc.oneof(
  fc
    .tuple(name, fc.string())
    .map(([username, value]) =>
      pressed({ action: 'leastwise:change:approve', value, over: { user: { id: 'U1', username, team_id: team } } }),
    ),
  fc.tuple(name, fc.string()).map(([user_name, text]) => typed(text, 'U1', { user_name })),
);
const inTime = (body: string) => signed(body, noon);
const withHeader = (request: SignedRequest, header: string, value: string | undefined): SignedRequest => ({
  ...request,
  headers: Object.fromEntries(
    Object.entries({ ...request.headers, [header]: value }).filter(
      (each): each is [string, string] => each[1] !== undefined,
    ),
  ),
});
const signature = 'x-slack-signature';
const signatureOf = ({ headers }: SignedRequest): string => headers[signature] ?? '';

/** What somebody without the secret can make of requests that they saw, or make up. */
const outsiders: Record<string, fc.Arbitrary<Wire>> = {
  'another secret': fc
    .tuple(genuine, fc.string())
    .filter(([, secret]) => secret !== signingSecret)
    .map(([body, secret]) => plainly(signed(body, noon, secret))),
  'no signature': genuine.map((body) => plainly(withHeader(inTime(body), signature, undefined))),
  'a made-up signature': fc
    .tuple(
      genuine,
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('v0=', 'v0', 'v1=', `v0=${'0'.repeat(64)}`)),
    )
    .map(([body, value]) => plainly(withHeader(inTime(body), signature, value))),
  'a signature in capitals': genuine.map((body) => {
    const request = inTime(body);
    return plainly(withHeader(request, signature, signatureOf(request).toUpperCase()));
  }),
  'a signature in part': fc.tuple(genuine, fc.integer({ min: 0, max: 66 })).map(([body, length]) => {
    const request = inTime(body);
    return plainly(withHeader(request, signature, signatureOf(request).slice(0, length)));
  }),
  'two signatures in one header': genuine.map((body) => {
    const request = inTime(body);
    return plainly(withHeader(request, signature, `v0=${'0'.repeat(64)},${signatureOf(request)}`));
  }),
  'the signature of another version': genuine.map((body) => {
    const request = inTime(body);
    return plainly(withHeader(request, signature, signatureOf(request).replace('v0', 'v1')));
  }),
  'parameters in another order': genuine.map((body) => {
    const request = inTime(typed('help', 'U1', { text: body.slice(0, 40) }));
    const turned = request.body.toString().split('&').reverse().join('&');
    return plainly({ ...request, body: Buffer.from(turned) });
  }),
  'a parameter more': fc
    .tuple(genuine, fc.constantFrom('user_id=U9', 'payload=%7B%7D', '', 'text=stop'))
    .map(([body, more]) => {
      const request = inTime(body);
      return plainly({ ...request, body: Buffer.from(`${body}&${more}`) });
    }),
  'one byte changed': fc.tuple(genuine, fc.nat(), fc.integer({ min: 1, max: 255 })).map(([body, place, by]) => {
    const request = inTime(body);
    const bytes = Buffer.from(request.body);
    bytes[place % bytes.length] = (bytes[place % bytes.length]! + by) % 256;
    return inBase64({ ...request, body: bytes });
  }),
  'the same escaped otherwise': genuine.map((body) => {
    const request = inTime(body);
    return plainly({
      ...request,
      body: Buffer.from(body.replace(/[a-z]/, (it) => `%${it.charCodeAt(0).toString(16)}`)),
    });
  }),
  'too old': fc
    .tuple(genuine, fc.integer({ min: 301, max: 10_000_000 }))
    .map(([body, age]) => plainly(signed(body, plusSeconds(noon, -age)))),
  'from the future': fc
    .tuple(genuine, fc.integer({ min: 301, max: 10_000_000 }))
    .map(([body, age]) => plainly(signed(body, plusSeconds(noon, age)))),
  'an old one under a new timestamp': fc
    .tuple(genuine, fc.integer({ min: 301, max: 9000 }))
    .map(([body, age]) =>
      plainly(withHeader(signed(body, plusSeconds(noon, -age)), 'x-slack-request-timestamp', timestamp)),
    ),
  'a timestamp that is none': fc
    .tuple(
      genuine,
      fc.constantFrom(
        '',
        '-1',
        '1e9',
        'NaN',
        `${timestamp}.0`,
        ` ${timestamp}`,
        `+${timestamp}`,
        `0x${timestamp}`,
        '١٢٣٤',
        `${timestamp},${timestamp}`,
      ),
    )
    .map(([body, at]) => plainly(signedBytes(Buffer.from(body), at))),
  'base64 that is not said to be': genuine.map((body) => ({ ...inBase64(inTime(body)), isBase64Encoded: false })),
  'base64 that is said to be and is not': genuine.map((body) => ({ ...plainly(inTime(body)), isBase64Encoded: true })),
  'base64 twice': genuine.map((body) => {
    const once = inBase64(inTime(body));
    return { ...once, body: Buffer.from(once.body).toString('base64') };
  }),
  'too large': fc.tuple(genuine, fc.integer({ min: 256 * 1024 + 1, max: 300 * 1024 })).map(([body, size]) => {
    const bytes = Buffer.alloc(size, 'x');
    bytes.write(body);
    return inBase64(signedBytes(bytes));
  }),
  noise: fc.uint8Array({ maxLength: 400 }).map((bytes) => inBase64({ headers: {}, body: Buffer.from(bytes) })),
};

/** Signed with our secret, yet not what Slack sends to our app: another workspace, or a broken body. */
const insiders: Record<string, fc.Arbitrary<Wire>> = {
  'another team': fc
    .oneof(lookalike(team), fc.string())
    .filter((it) => it !== team)
    .map((id) => plainly(inTime(pressed({ action: 'a', value: '', over: { team: { id } } })))),
  'a command of another team': lookalike(team).map((team_id) => plainly(inTime(typed('help', 'U1', { team_id })))),
  'another app': fc
    .oneof(lookalike(app), fc.string())
    .filter((it) => it !== app)
    .map((api_app_id) => plainly(inTime(pressed({ action: 'a', value: '', over: { api_app_id } })))),
  'another organization': fc
    .string()
    .filter((it) => it !== team)
    .map((id) => plainly(inTime(pressed({ action: 'a', value: '', over: { team: null, enterprise: { id } } })))),
  'another type of content': fc
    .tuple(
      genuine,
      fc.constantFrom(
        'application/json',
        'text/plain',
        'multipart/form-data; boundary=x',
        'application/x-www-form-urlencoded, application/json',
        'application/x-www-form-urlencoded; charset=utf-7',
        '',
      ),
    )
    .map(([body, type]) => plainly(withHeader(inTime(body), 'content-type', type))),
  'bytes that are no text': fc
    .tuple(genuine, fc.constantFrom([0xc0, 0xaf], [0xff], [0xed, 0xa0, 0x80], [0xf8, 0x88]))
    .map(([body, bytes]) => inBase64(signedBytes(Buffer.concat([Buffer.from(body), Buffer.from(bytes)])))),
  'a parameter twice': genuine.map((body) => plainly(inTime(`${body}&${body.slice(0, body.indexOf('='))}=x`))),
  'no payload that can be read': fc
    .oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(
        '{',
        '[]',
        'null',
        '1',
        '"x"',
        '{"api_app_id":["A1"]}',
        '['.repeat(60_000),
        '{"__proto__":{"api_app_id":"A1","team":{"id":"T1"}}}',
      ),
    )
    .map((payload) => plainly(inTime(new URLSearchParams({ payload }).toString()))),
  'no form': fc
    .oneof(fc.json(), fc.string({ unit: 'grapheme' }))
    .map((text) => plainly(signedBytes(Buffer.from(text)))),
};

const kinds = Object.entries({ ...outsiders, ...insiders });
const perKind = Math.ceil(1000 / kinds.length);
const forgeries = kinds.flatMap(([kind, arbitrary]) =>
  fc.sample(arbitrary, { seed, numRuns: perKind }).map((wire) => ({ kind, wire })),
);

function endpoint() {
  const inbox = memoryInbox();
  const stored: string[] = [];
  const queued: string[] = [];
  const counts: string[] = [];
  const handler = receiveSlackHandler({
    expected: { signingSecret, formKey, slack: { app, team } },
    lending: { maxHours: 8 },
    openForm: async () => {},
    unopened: () => {},
    inbox: {
      ...inbox,
      store: async (item) => {
        stored.push(item.body);
        return inbox.store(item);
      },
    },
    enqueue: async (id) => void queued.push(id),
    count: (refusal) => counts.push(refusal),
    now: () => noon,
  });
  return { handler, stored, queued, counts };
}

test(`of ${forgeries.length} forged or malformed requests (seed ${seed}) none is stored, and each is counted`, async () => {
  expect(forgeries.length).toBeGreaterThanOrEqual(1000);
  const { handler, stored, queued, counts } = endpoint();
  const taken: string[] = [];
  for (const { kind, wire } of forgeries) {
    const answer = await handler(wire);
    if (answer.statusCode === undefined || answer.statusCode < 400 || answer.statusCode > 499 || answer.body !== '')
      taken.push(`${kind}: ${answer.statusCode}`);
  }
  expect(taken).toEqual([]);
  expect(stored).toEqual([]);
  expect(queued).toEqual([]);
  expect(counts).toHaveLength(forgeries.length);
});

test('nor does any of them learn what there is to choose from', async () => {
  const counts: string[] = [];
  const answered: string[] = [];
  const handler = suggestOptionsHandler({
    expected: { signingSecret, formKey, slack: { app, team } },
    // There is nothing to read here: whatever got so far fails, and is told.
    ...({} as SuggestOptionsDeps),
    count: (refusal) => counts.push(refusal),
    failed: (fault) => answered.push(String(fault)),
    now: () => noon,
  });
  for (const { kind, wire } of forgeries) {
    const { statusCode = 200, body } = await handler(wire);
    if (statusCode < 400 || statusCode > 499 || body !== '') answered.push(`${kind}: ${statusCode}`);
  }
  expect(answered).toEqual([]);
  expect(counts).toHaveLength(forgeries.length);
});

test('what the forgeries are made of is taken where it is genuine, names and all', async () => {
  const { handler, stored, counts } = endpoint();
  const bodies = [...new Set(fc.sample(genuine, { seed, numRuns: 100 }))];
  for (const body of bodies) expect((await handler(plainly(inTime(body)))).statusCode).toBe(200);
  expect(stored).toEqual(bodies);
  expect(counts).toEqual([]);
});

test('a request that is sent again is taken once, whichever way its body is encoded', async () => {
  const { handler, queued } = endpoint();
  const inbox = new Set<string>();
  for (const body of new Set(fc.sample(genuine, { seed, numRuns: 20 }))) {
    const request = inTime(body);
    for (const wire of [plainly(request), inBase64(request), plainly(request)]) await handler(wire);
    for (const id of queued) inbox.add(id);
  }
  expect(inbox.size).toBe(new Set(fc.sample(genuine, { seed, numRuns: 20 })).size);
});
