import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { memoryInbox } from '../../adapters/memory/inbox.ts';
import { formOpener } from '../../adapters/slack/open-form.ts';
import { type Instant, plusSeconds } from '../../core/time.ts';
import { receiveSlackHandler } from '../../lambdas/receive-slack/handler.ts';
import type { OpenForm } from '../../usecases/ports/slack-surfaces.ts';
import {
  app,
  asJson,
  filledIn,
  formKey,
  happened,
  pressed,
  sentOff,
  signed,
  signingSecret,
  suggesting,
  team,
  typed,
} from '../adapters/slack/requests.ts';

const noon = '2026-03-01T12:00:00Z' as Instant;
const body = pressed({ action: 'leastwise:change:approve', value: '{}' });

interface Over {
  secret?: string | undefined;
  team?: string;
  enqueue?: (id: string) => Promise<void>;
  openForm?: OpenForm;
}

function endpoint(over: Over = {}) {
  const inbox = memoryInbox();
  const queued: string[] = [];
  const counts: string[] = [];
  const unopened: unknown[] = [];
  const handler = receiveSlackHandler({
    expected: {
      signingSecret: 'secret' in over ? over.secret : signingSecret,
      formKey,
      slack: { app, team: over.team ?? team },
    },
    lending: { maxHours: 8 },
    openForm: over.openForm ?? (async () => {}),
    unopened: (fault) => unopened.push(fault),
    inbox,
    enqueue: over.enqueue ?? (async (id) => void queued.push(id)),
    count: (refusal) => counts.push(refusal),
    now: () => noon,
  });
  const answered = (request: { headers: Record<string, string>; body: Buffer }, base64 = false) =>
    handler({
      headers: request.headers,
      body: request.body.toString(base64 ? 'base64' : 'utf8'),
      isBase64Encoded: base64,
    });
  const post = async (request: { headers: Record<string, string>; body: Buffer }, base64 = false) =>
    (await answered(request, base64)).statusCode;
  return { post, answered, inbox, queued, counts, unopened };
}

describe('the Slack endpoint', () => {
  test.each([false, true])('stores, queues and acknowledges a signed request (base64: %s)', async (base64) => {
    const { post, inbox, queued, counts } = endpoint();
    expect(await post(signed(body, noon), base64)).toBe(200);
    expect(queued).toHaveLength(1);
    expect((await inbox.find(queued[0]!))?.body).toBe(body);
    expect(counts).toEqual([]);
  });

  test('takes a slash command', async () => {
    const { post } = endpoint();
    expect(await post(signed(typed('help'), noon))).toBe(200);
  });

  const changed = () => ({ ...signed(body, noon), body: Buffer.from(`${body}x`) });
  const without = (name: string) => {
    const request = signed(body, noon);
    return { ...request, headers: Object.fromEntries(Object.entries(request.headers).filter(([it]) => it !== name)) };
  };
  const organization = (enterprise: string, over: Record<string, unknown> = {}) =>
    signed(pressed({ action: 'a', value: '', over: { team: null, enterprise: { id: enterprise }, ...over } }), noon);

  test.each([
    ['a body changed after signing', changed, 401, 'wrong-signature'],
    ['another secret', () => signed(body, noon, 'another'), 401, 'wrong-signature'],
    ['a timestamp of five minutes and a second ago', () => signed(body, plusSeconds(noon, -301)), 401, 'stale'],
    ['a timestamp in five minutes and a second', () => signed(body, plusSeconds(noon, 301)), 401, 'stale'],
    ['no signature', () => without('x-slack-signature'), 401, 'no-signature'],
    ['no timestamp', () => without('x-slack-request-timestamp'), 401, 'no-signature'],
    [
      'another app',
      () => signed(pressed({ action: 'a', value: '', over: { api_app_id: 'A2' } }), noon),
      403,
      'wrong-app',
    ],
    [
      'another team',
      () => signed(pressed({ action: 'a', value: '', over: { team: { id: 'T2' } } }), noon),
      403,
      'wrong-team',
    ],
    ['no team and another organization', () => organization('E2'), 403, 'wrong-team'],
    ['a command of another team', () => signed(typed('help', 'U1', { team_id: 'T2' }), noon), 403, 'wrong-team'],
    ['a signed body that is no payload', () => signed('payload=%7B', noon), 400, 'malformed'],
    ['a body beyond 256 KiB', () => signed('x'.repeat(256 * 1024 + 1), noon), 413, 'too-large'],
  ])('refuses %s, and keeps only a count', async (_, request, status, refusal) => {
    const { post, queued, counts } = endpoint();
    expect(await post(request())).toBe(status);
    expect(queued).toEqual([]);
    expect(counts).toEqual([refusal]);
  });

  test.each([undefined, ''])('accepts nothing while the signing secret is %p', async (secret) => {
    const { post, counts } = endpoint({ secret });
    expect(await post(signed(body, noon, ''))).toBe(401);
    expect(counts).toEqual(['no-secret']);
  });

  test('accepts an organization-wide installation by its enterprise', async () => {
    const { post } = endpoint({ team: 'E1' });
    expect(await post(organization('E1'))).toBe(200);
    expect(await post(organization('E1', { team: { id: 'T7' }, is_enterprise_install: true }))).toBe(200);
    expect(await post(organization('E1', { team: { id: 'T7' } }))).toBe(403);
  });

  test('accepts the same signed request twice as one', async () => {
    const { post, inbox, queued } = endpoint();
    await post(signed(body, noon));
    await inbox.done(queued[0]!);
    expect(await post(signed(body, noon))).toBe(200);
    expect(queued).toHaveLength(1);
  });

  test('queues what was stored when the first try died before queueing', async () => {
    const queued: string[] = [];
    let broken = true;
    const { post } = endpoint({
      enqueue: async (id) => {
        if (broken) throw new Error('the queue is away');
        queued.push(id);
      },
    });
    await expect(post(signed(body, noon))).rejects.toThrow('away');
    broken = false;
    expect(await post(signed(body, noon))).toBe(200);
    expect(queued).toHaveLength(1);
  });
});

describe('what cannot wait for the queue', () => {
  const told = ({ body: text }: { body?: string }) => JSON.parse(text ?? '');

  test('a form is opened empty after it was stored and before it is queued', async () => {
    const order: string[] = [];
    const { post, inbox } = endpoint({
      openForm: async (trigger, form) => {
        order.push(`opened ${trigger} ${form.length}`);
      },
      enqueue: async (id) => {
        order.push((await inbox.find(id)) ? 'queued what is stored' : 'queued nothing');
      },
    });
    expect(await post(signed(typed('request', 'U1', { trigger_id: 't.1' }), noon))).toBe(200);
    expect(order).toEqual(['opened t.1 64', 'queued what is stored']);
  });

  test.each([
    ['a request that is typed out', typed('request a:B on * for 1h because x', 'U1', { trigger_id: 't.1' })],
    ['any other command', typed('status', 'U1', { trigger_id: 't.1' })],
    ['a button that decides', pressed({ action: 'leastwise:change:approve', value: '{}', over: { trigger_id: 't' } })],
    ['a button of somebody else', pressed({ action: 'other:form:blank', value: '{}', over: { trigger_id: 't' } })],
    ['a form sent off', sentOff()],
  ])('%s opens none', async (_, request) => {
    const opened: string[] = [];
    const { post, queued } = endpoint({ openForm: async (trigger) => void opened.push(trigger) });
    expect(await post(signed(request, noon))).toBe(200);
    expect(opened).toEqual([]);
    expect(queued).toHaveLength(1);
  });

  test('a button opens one, on the page of the app as well', async () => {
    const opened: string[] = [];
    const { post } = endpoint({ openForm: async (trigger) => void opened.push(trigger) });
    const over = { trigger_id: 't.2' };
    await post(signed(pressed({ action: 'leastwise:form:blank', value: '{}', over }), noon));
    const view = { id: 'V', type: 'home', app_id: app };
    await post(signed(pressed({ action: 'leastwise:form:blank', value: '{"a":1}', over: { ...over, view } }), noon));
    expect(opened).toEqual(['t.2', 't.2']);
  });

  test('where Slack opens none, what was asked is kept and queued all the same', async () => {
    const fault = new Error('expired_trigger_id');
    const { post, queued, unopened } = endpoint({ openForm: () => Promise.reject(fault) });
    expect(await post(signed(typed('request', 'U1', { trigger_id: 't.1' }), noon))).toBe(200);
    expect(queued).toHaveLength(1);
    expect(unopened).toEqual([fault]);
  });

  test('the same request again opens no second form', async () => {
    const opened: string[] = [];
    const { post } = endpoint({ openForm: async (trigger) => void opened.push(trigger) });
    const request = signed(typed('request', 'U1', { trigger_id: 't.1' }), noon);
    await post(request);
    await post(request);
    expect(opened).toEqual(['t.1']);
  });

  const options = (...values: string[]) => ({ selected_options: values.map((value) => ({ value })) });
  test.each([
    ['actions', { actions: options('s3:*') }, /more than one action/],
    ['actions', { actions: options('s3:GetObject', 'iam:CreateUser') }, /outlives the loan/],
    ['resources', { resources: options() }, /At least one resource/],
    ['more', { more: { value: 'not an arn' } }, /neither an ARN/],
    ['duration', { duration: { selected_option: { value: '36000' } } }, /8 hours at most/],
    ['reason', { reason: { value: '  ' } }, /reason must be given/],
    ['carrier', { carrier: {} }, /carry/],
  ])('what is wrong in %s is told there, and nothing is kept', async (field, over, words) => {
    const { answered, queued, counts } = endpoint();
    const answer = await answered(signed(sentOff(filledIn(over)), noon));
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } });
    expect(told(answer)).toEqual({ response_action: 'errors', errors: { [field]: expect.stringMatching(words) } });
    expect(queued).toEqual([]);
    expect(counts).toEqual([]);
  });

  test('a form without a fault is kept, queued, and closes', async () => {
    const { answered, queued, inbox } = endpoint();
    expect(await answered(signed(sentOff(), noon))).toMatchObject({ statusCode: 200, body: '' });
    expect((await inbox.find(queued[0]!))?.body).toBe(sentOff());
  });

  test('the address is confirmed to Slack, which signs that too', async () => {
    const { answered, queued } = endpoint();
    const request = asJson(signed(JSON.stringify({ type: 'url_verification', challenge: 'abc', token: 'x' }), noon));
    expect(told(await answered(request))).toEqual({ challenge: 'abc' });
    const unsigned = asJson(signed(JSON.stringify({ type: 'url_verification', challenge: 'abc' }), noon, 'other'));
    expect((await answered(unsigned)).statusCode).toBe(401);
    expect(queued).toEqual([]);
  });

  test('an event that Slack sends again, signed anew, is one item', async () => {
    const { post, queued } = endpoint();
    const event = happened({ type: 'app_home_opened', user: 'U1', tab: 'home' });
    expect(await post(asJson(signed(event, noon)))).toBe(200);
    expect(await post(asJson(signed(event, plusSeconds(noon, 60))))).toBe(200);
    expect(new Set(queued).size).toBe(1);
  });

  test('options are asked for elsewhere: here nothing of them is kept', async () => {
    const { answered, queued } = endpoint();
    expect(told(await answered(signed(suggesting('actions', 's3'), noon)))).toEqual({ options: [] });
    expect(queued).toEqual([]);
  });

  test.each([
    ['of another app', sentOff(filledIn(), { view: { app_id: 'A2' } }), 'wrong-app'],
    ['that carries nothing', sentOff(filledIn(), { view: { private_metadata: '' } }), 'wrong-view'],
    [
      'that was filled for somebody else',
      sentOff(filledIn(), { over: { user: { id: 'U2', username: 'x', team_id: team } } }),
      'wrong-view',
    ],
    [
      'that was filled for another team',
      sentOff(filledIn(), { over: { user: { id: 'U1', team_id: 'T9' } } }),
      'wrong-view',
    ],
    [
      'whose number was changed',
      sentOff(filledIn(), { view: { private_metadata: `${'0'.repeat(64)}.${'0'.repeat(64)}` } }),
      'wrong-view',
    ],
  ])('a form %s is refused, and keeps only a count', async (_, request, refusal) => {
    const { post, queued, counts } = endpoint();
    expect(await post(signed(request, noon))).toBe(403);
    expect(queued).toEqual([]);
    expect(counts).toEqual([refusal]);
  });
});

test.each([
  ['wrong actions', { actions: { selected_options: Array.from({ length: 5000 }, (_, n) => ({ value: `a:${n}` })) } }],
  ['resources in a text', { more: { value: Array.from({ length: 25_000 }, (_, n) => `x${n}`).join(' ') } }],
  ['spaces', { reason: { value: ' '.repeat(200_000) } }],
])('a form of as many %s as fit is answered at once, and nothing is asked for that', async (_, over) => {
  const { answered, queued } = endpoint();
  const request = signed(sentOff(filledIn(over)), noon);
  const began = performance.now();
  expect((await answered(request)).statusCode).toBe(200);
  expect(performance.now() - began).toBeLessThan(1500);
  expect(queued).toEqual([]);
});

test('the endpoint answers in time although Slack does not answer it', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/api/`;
  const { post, queued, unopened } = endpoint({ openForm: formOpener({ token: 'xoxb', apiUrl }) });
  const began = performance.now();
  expect(await post(signed(typed('request', 'U1', { trigger_id: 't.1' }), noon))).toBe(200);
  expect(performance.now() - began).toBeLessThan(2500);
  expect([queued.length, unopened.length]).toEqual([1, 1]);
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
});
