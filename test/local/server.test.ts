import { request } from 'node:http';
import type { Calendar, State } from '../../local/api.ts';
import { listen } from '../../local/listen.ts';
import { type Behind, Refused, routes } from '../../local/server.ts';

const done: unknown[] = [];
let revision = 1;
let tell = () => {};
const behind: Behind = {
  state: async () => ({ revision }) as State,
  calendar: async (principal) => (principal === 'AROA' ? ({ principal } as Calendar) : undefined),
  revision: () => revision,
  onChange: (listener) => {
    tell = listener;
    return () => {};
  },
  slack: async () => ({ status: 401, body: '' }),
  options: async () => ({ options: [] }),
  submit: async () => ({ errors: { reason: 'A reason must be given.' } }),
  close: async (body) => void done.push(body),
  home: async (body) => void done.push(body),
  click: async (body) => {
    if (body.as === 'nobody') throw new Refused('nobody is not a person here');
    done.push(body);
  },
  request: async (body) => void done.push(body),
  clock: async (body) => void done.push(body),
  attack: async () => void done.push('attack'),
};
const app = routes(behind, async () => ({ html: '<!doctype html>', script: '1', style: 'a{}' }));
const host = '127.0.0.1:4000';
const get = (path: string, headers: Record<string, string> = {}) =>
  app.request(path, { headers: { host, ...headers } });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  app.request(path, {
    method: 'POST',
    headers: { host, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

beforeEach(() => void done.splice(0));

test('the page, its script and the state are served to the own host', async () => {
  expect(await (await get('/')).text()).toBe('<!doctype html>');
  expect((await get('/page.js')).headers.get('content-type')).toMatch(/javascript/);
  expect(await (await get('/api/state', { host: 'localhost:4000' })).json()).toEqual({ revision });
  expect((await get('/api/ledger?principal=AROA')).status).toBe(200);
  expect((await get('/api/ledger?principal=AIDA')).status).toBe(404);
});

test('a foreign host name is refused, reads too: a rebound DNS name reaches nothing', async () => {
  for (const name of ['evil.example', 'evil.example:4000', '127.0.0.1.evil.example:4000', '']) {
    expect([name, (await get('/api/state', { host: name })).status]).toEqual([name, 403]);
  }
});

test('another origin cannot press buttons, and neither can a plain form', async () => {
  const click = { actionId: 'a', value: 'v', as: 'ada' };
  expect((await post('/api/click', click, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await post('/api/click', click, { origin: 'null' })).status).toBe(403);
  expect((await post('/api/click', click, { 'content-type': 'text/plain' })).status).toBe(403);
  expect((await post('/api/attack', {}, { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(403);
  expect(done).toEqual([]);
  expect((await post('/api/click', click, { origin: `http://${host}` })).status).toBe(200);
  expect(done).toEqual([click]);
});

test('bodies that are not as agreed get a sentence that names the field', async () => {
  for (const body of [{}, { pause: 1 }, { speed: -1 }, { advance: 0 }, { speed: 1, pause: true }, 'no json']) {
    const answer = await post('/api/clock', body);
    expect([body, answer.status]).toEqual([body, 400]);
  }
  const answer = await post('/api/click', { actionId: 'a', value: 'v' });
  expect(await answer.json()).toEqual({ error: "The body's as is not as agreed." });
  expect(done).toEqual([]);
});

test('what the system refuses is told in its own words', async () => {
  const answer = await post('/api/click', { actionId: 'a', value: 'v', as: 'nobody' });
  expect([answer.status, await answer.json()]).toEqual([400, { error: 'nobody is not a person here' }]);
});

test('the answer of receive-slack is passed on as it is', async () => {
  const answer = await post('/slack/interactions', 'payload=x', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(answer.status).toBe(401);
});

test('watchers are told the revision at once and whenever it grew', async () => {
  const answer = await get('/api/events');
  const reader = answer.body!.getReader();
  const next = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await next()).toBe('data: 1\n\n');
  revision = 2;
  tell();
  expect(await next()).toBe('data: 2\n\n');
  await reader.cancel();
});

test('the server takes the next port when one is taken, and listens on the loopback address only', async () => {
  const first = await listen(app, 4870);
  const second = await listen(app, Number(first.url.split(':')[2]));
  expect(Number(second.url.split(':')[2])).toBeGreaterThan(Number(first.url.split(':')[2]));
  expect(second.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  const status = await new Promise((resolve) => {
    request(`${second.url}/api/state`, (answer) => resolve(answer.resume().statusCode)).end();
  });
  expect(status).toBe(200);
  await Promise.all([first.close(), second.close()]);
});

test('a body of a megabyte is refused before anybody reads it', async () => {
  const answer = await post('/api/request', { as: 'ada', text: 'x'.repeat(1024 * 1024) });
  expect(answer.status).toBe(413);
  expect(done).toEqual([]);
});
