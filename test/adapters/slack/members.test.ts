import { slackMembers } from '../../../adapters/slack/members.ts';
import { rateLimited, type SlackApi, slackApi } from '../../../local/emulated/slack-api.ts';

let api: SlackApi;
beforeEach(async () => {
  api = await slackApi('A1');
});
afterEach(() => api.close());

const standing = (team = 'T0LOCAL') => slackMembers({ token: 'xoxb', apiUrl: api.url }).standing({ team, user: 'U1' });

test.each([
  ['member', {}],
  ['member', { team_id: 'T9', enterprise_user: { teams: ['T8', 'T0LOCAL'] } }],
  ['guest', { is_restricted: true }],
  ['guest', { is_ultra_restricted: true }],
  ['deactivated', { deleted: true, is_restricted: true }],
  ['stranger', { is_stranger: true }],
  ['stranger', { team_id: 'T9' }],
  ['stranger', { team_id: 'T9', enterprise_user: { teams: ['T8'] } }],
  ['stranger', { is_bot: true }],
  ['stranger', 'gone' as const],
])('is %s where Slack says %j', async (expected, said) => {
  api.standings.U1 = said;
  expect(await standing()).toBe(expected);
});

test('an app that may not ask sees nobody', async () => {
  api.next.push((response) => {
    response.setHeader('content-type', 'application/json').end('{"ok":false,"error":"missing_scope"}');
  });
  expect(await standing()).toBe('unseen');
});

test('any other fault is no answer', async () => {
  api.next.push(rateLimited(1));
  await expect(standing()).rejects.toThrow();
});
