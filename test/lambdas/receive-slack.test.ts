import { memoryInbox } from '../../adapters/memory/inbox.ts';
import { type Instant, plusSeconds } from '../../core/time.ts';
import { receiveSlackHandler } from '../../lambdas/receive-slack/handler.ts';
import { app, pressed, signed, signingSecret, team, typed } from '../adapters/slack/requests.ts';

const noon = '2026-03-01T12:00:00Z' as Instant;
const body = pressed({ action: 'leastwise:change:approve', value: '{}' });

function endpoint(over: { secret?: string | undefined; team?: string; enqueue?: (id: string) => Promise<void> } = {}) {
  const inbox = memoryInbox();
  const queued: string[] = [];
  const counts: string[] = [];
  const handler = receiveSlackHandler({
    expected: {
      signingSecret: 'secret' in over ? over.secret : signingSecret,
      slack: { app, team: over.team ?? team },
    },
    inbox,
    enqueue: over.enqueue ?? (async (id) => void queued.push(id)),
    count: (refusal) => counts.push(refusal),
    now: () => noon,
  });
  const post = async (request: { headers: Record<string, string>; body: Buffer }, base64 = false) =>
    (
      await handler({
        headers: request.headers,
        body: request.body.toString(base64 ? 'base64' : 'utf8'),
        isBase64Encoded: base64,
      })
    ).statusCode;
  return { post, inbox, queued, counts };
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
