import { sign } from '../../../adapters/slack/verify.ts';
import { type Instant, secondsOf } from '../../../core/time.ts';

export const signingSecret = 'a signing secret of this test';
export const app = 'A1';
export const team = 'T1';

export interface SignedRequest {
  headers: Record<string, string>;
  body: Buffer;
}

/** A request as Slack signs it. */
export function signed(body: string, now: Instant, secret = signingSecret): SignedRequest {
  const timestamp = String(secondsOf(now));
  const bytes = Buffer.from(body);
  return {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': sign(secret, timestamp, bytes),
    },
    body: bytes,
  };
}

export interface Press {
  action: string;
  value: string;
  user?: string;
  userTeam?: string;
  over?: Record<string, unknown>;
}

/** The form that Slack posts when somebody presses a button. */
export const pressed = ({ action, value, user = 'U1', userTeam = team, over = {} }: Press): string =>
  new URLSearchParams({
    payload: JSON.stringify({
      type: 'block_actions',
      api_app_id: app,
      team: { id: team, domain: 'example' },
      enterprise: null,
      is_enterprise_install: false,
      user: { id: user, username: 'somebody', team_id: userTeam },
      channel: { id: 'C1', name: 'access' },
      response_url: 'https://hooks.slack.com/actions/T1/1/x',
      actions: [{ type: 'button', action_id: action, block_id: 'b', value, action_ts: '1.2' }],
      ...over,
    }),
  }).toString();

/** The form that Slack posts for `/leastwise TEXT`. */
export const typed = (text: string, user = 'U1', over: Record<string, string> = {}): string =>
  new URLSearchParams({
    command: '/leastwise',
    text,
    api_app_id: app,
    team_id: team,
    user_id: user,
    channel_id: 'C1',
    response_url: 'https://hooks.slack.com/commands/T1/1/x',
    is_enterprise_install: 'false',
    ...over,
  }).toString();
