import type { ServerResponse } from 'node:http';
import type { KnownBlock } from '@slack/types';
import { slackClient } from '../../../adapters/slack/client.ts';
import { slackPictures } from '../../../adapters/slack/pictures.ts';
import { usualDaysOf } from '../../../core/anomaly/usual-days.ts';
import { type SlackApi, slackApi } from '../../../local/emulated/slack-api.ts';
import { tell, today } from '../../core/anomaly/ledger-of.ts';

const usual = usualDaysOf(tell({ at: today, does: 'iam:CreateUser' }), { from: today, to: today, first: [] });
const buttons: KnownBlock = { type: 'actions', elements: [] };
const words: KnownBlock = { type: 'divider' };

let standIn: SlackApi;
beforeEach(async () => {
  standIn = await slackApi('A1');
});
afterEach(() => standIn.close());

const answers = (body: object) => (response: ServerResponse) =>
  void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

function pictures(status = 200) {
  const sent: { url: string; size: number }[] = [];
  const faults: unknown[] = [];
  const fetch = (async (url: string, init: { body: Uint8Array }) => {
    sent.push({ url, size: init.body.length });
    return new Response('', { status });
  }) as unknown as typeof globalThis.fetch;
  const adapter = slackPictures({
    token: 'xoxb-of-this-test',
    apiUrl: standIn.url,
    fetch,
    failed: (_place, fault) => void faults.push(fault),
  });
  return { adapter, sent, faults };
}

const place = answers({ ok: true, file_id: 'F1', upload_url: 'https://files.slack.com/upload/v1/abc' });

test('a picture goes up in three steps, with its size and its words, and is shared with no channel', async () => {
  const { adapter, sent } = pictures();
  standIn.next.push(place, answers({ ok: true, files: [{ id: 'F1' }] }));
  expect(await adapter.share(usual)).toBe('F1');
  const [asked, done] = standIn.calls;
  expect(asked).toMatchObject({ method: 'files.getUploadURLExternal', form: { alt_txt: usual.words } });
  expect(sent).toEqual([{ url: 'https://files.slack.com/upload/v1/abc', size: Number(asked!.form.length) }]);
  expect(done!.method).toBe('files.completeUploadExternal');
  expect(done!.form.channel_id).toBeUndefined();
});

test.each([
  ['Slack has no such method', [], 200],
  ['the upload is refused', [place], 500],
])('where %s, there is no picture and somebody hears why', async (_what, next, status) => {
  const { adapter, faults } = pictures(status);
  standIn.next.push(...next);
  expect(await adapter.share(usual)).toBeUndefined();
  expect(faults).toHaveLength(1);
});

test('it stands before the buttons, with words for whoever does not see it', () => {
  const { blocks } = pictures().adapter.within({ text: 't', blocks: [words, buttons] }, 'F1', usual.words);
  expect(blocks).toEqual([words, { type: 'image', slack_file: { id: 'F1' }, alt_text: usual.words }, buttons]);
});

test('a message whose picture Slack refuses is posted without it', async () => {
  const slack = slackClient({ token: 'xoxb-of-this-test', app: 'A1', apiUrl: standIn.url, wait: async () => {} });
  const message = pictures().adapter.within({ text: 't', blocks: [words] }, 'F1', 'w');
  standIn.next.push(answers({ ok: false, error: 'invalid_blocks' }));
  await slack.post('C1', 'k', message);
  expect(standIn.posted[0]!.blocks).toEqual([words]);
  standIn.next.push(answers({ ok: false, error: 'invalid_blocks' }));
  await expect(slack.post('C1', 'k2', { text: 't', blocks: [words] })).rejects.toThrow(/invalid_blocks/);
});
