import { formOpener } from '../../../adapters/slack/open-form.ts';
import { renderNotice } from '../../../adapters/slack/render/form.ts';
import { slackSurfaces } from '../../../adapters/slack/surfaces.ts';
import { rateLimited, type SlackApi, slackApi } from '../../../local/emulated/slack-api.ts';

let api: SlackApi;
beforeAll(async () => {
  api = await slackApi('A1');
});
afterAll(() => api.close());

const waited: number[] = [];
const surfaces = () =>
  slackSurfaces({ token: 'xoxb', apiUrl: api.url, wait: async (seconds) => void waited.push(seconds) });

test('a form is opened empty and filled by the key it was opened under', async () => {
  await formOpener({ token: 'xoxb', apiUrl: api.url })('t.1', 'key-1');
  expect(await surfaces().fill({ key: 'key-1' }, renderNotice('here'))).toBe(true);
  expect(JSON.stringify(api.views)).toContain('here');
  const [view] = api.views;
  expect(await surfaces().fill({ view: view!.id }, renderNotice('there'))).toBe(true);
});

test('a form that is not there is said not to be', async () => {
  expect(await surfaces().fill({ key: 'none' }, renderNotice('x'))).toBe(false);
});

test('a trigger that Slack does not take is a fault', async () => {
  const open = formOpener({ token: 'xoxb', apiUrl: api.url });
  await expect(open('expired', 'key-2')).rejects.toThrow('expired_trigger_id');
});

test('a call that Slack did not take is made again after as long as it said', async () => {
  api.next.push(rateLimited(3));
  await surfaces().publish('U1', { type: 'home', blocks: [] });
  expect(waited).toEqual([3]);
  expect(api.pages.U1).toEqual({ type: 'home', blocks: [] });
});
