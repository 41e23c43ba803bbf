import { memorySlack } from '../../../adapters/memory/slack.ts';
import { slackClient } from '../../../adapters/slack/client.ts';
import { rateLimited, type SlackApi, slackApi } from '../../../local/emulated/slack-api.ts';
import { slackContract } from '../../contracts/slack.ts';

const app = 'A1';
const channel = 'C1';
const message = { text: 'hello', blocks: [] };

let standIn: SlackApi;
beforeEach(async () => {
  standIn = await slackApi(app);
});
afterEach(() => standIn.close());

function client(fetch?: typeof globalThis.fetch) {
  const waited: number[] = [];
  const slack = slackClient({
    token: 'xoxb-of-this-test',
    app,
    apiUrl: standIn.url,
    wait: async (seconds) => void waited.push(seconds),
    ...(fetch && { fetch }),
  });
  return { slack, waited };
}

slackContract('the Web API client', async () => ({
  slack: client().slack,
  channel,
  texts: () => standIn.posted.map(({ text }) => text),
  whispers: () => standIn.whispers,
}));

slackContract('the stand-in in memory', async () => {
  const slack = memorySlack();
  return {
    slack,
    channel,
    texts: () => slack.messages(channel).map(({ text }) => text),
    whispers: () => slack.whispers().map(({ to, text }) => ({ user: to.user, text })),
  };
});

test('a rate limit is waited out for as long as Slack says, and the call is sent again', async () => {
  const { slack, waited } = client();
  standIn.next.push(rateLimited(3), rateLimited(1));
  await slack.post(channel, 'k', message);
  expect(waited).toEqual([3, 1]);
  expect(standIn.posted).toHaveLength(1);
});

test.each([
  ['a longer wait than a function has', [rateLimited(60)]],
  ['a limit that does not end', [1, 1, 1, 1].map(rateLimited)],
])('%s is left to the queue', async (_, limits) => {
  const { slack } = client();
  standIn.next.push(...limits);
  await expect(slack.post(channel, 'k', message)).rejects.toThrow(/rate.?limit/i);
  expect(standIn.posted).toEqual([]);
});

test.each([
  ['a lost connection', (response: { destroy(): void }) => void response.destroy()],
  ['an error of the server', (response: import('node:http').ServerResponse) => void response.writeHead(500).end('x')],
])('%s is thrown and never sent again by itself', async (_, fault) => {
  const { slack } = client();
  standIn.next.push(fault);
  await expect(slack.post(channel, 'k', message)).rejects.toThrow();
  expect(standIn.calls).toHaveLength(1);
});

test('a refusal of Slack is thrown with its name', async () => {
  const { slack } = client();
  standIn.next.push((response) => void response.end('{"ok":false,"error":"not_in_channel"}'));
  await expect(slack.post(channel, 'k', message)).rejects.toThrow('not_in_channel');
});

test('a message of another app with our key is not ours', async () => {
  const { slack } = client();
  const ref = await slack.post(channel, 'k', message);
  standIn.posted.push({ ...standIn.posted[0]!, ts: '1700000001.000001', app_id: 'A2' });
  expect(await slack.find(channel, 'k')).toEqual(ref);
});

test('Slack is told to link, parse and fetch nothing', async () => {
  const { slack } = client();
  await slack.post(channel, 'k', message);
  expect(standIn.calls[0]?.form).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false', parse: 'none' });
});

describe('an answer for one person', () => {
  const responseUrl = 'https://hooks.slack.com/actions/T1/1/x';
  const webhook = (status: number) => {
    const sent: { url: string; body: unknown }[] = [];
    const fetch = (async (url: URL, init: { body: string }) => {
      sent.push({ url: String(url), body: JSON.parse(init.body) });
      return new Response('', { status });
    }) as unknown as typeof globalThis.fetch;
    return { sent, fetch };
  };

  test('goes to the webhook of the interaction', async () => {
    const { sent, fetch } = webhook(200);
    await client(fetch).slack.tell({ user: 'U1', channel, responseUrl }, 'Noted <!channel>.');
    expect(sent).toMatchObject([
      {
        url: responseUrl,
        body: { response_type: 'ephemeral', replace_original: false, text: 'Noted &lt;!channel&gt;.' },
      },
    ]);
    expect(standIn.whispers).toEqual([]);
  });

  test('goes to the channel where the webhook has expired', async () => {
    await client(webhook(404).fetch).slack.tell({ user: 'U1', channel, responseUrl }, 'Noted.');
    expect(standIn.whispers).toEqual([{ user: 'U1', text: 'Noted.' }]);
  });

  test.each([
    'http://hooks.slack.com/x',
    'https://hooks.slack.com.example.org/x',
    'https://169.254.169.254/',
    'nonsense',
  ])('never goes to %s', async (url) => {
    const { sent, fetch } = webhook(200);
    await client(fetch).slack.tell({ user: 'U1', channel, responseUrl: url }, 'Noted.');
    expect(sent).toEqual([]);
    expect(standIn.whispers).toHaveLength(1);
  });
});
