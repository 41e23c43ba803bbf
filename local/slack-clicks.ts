import { sign } from '../adapters/slack/verify.ts';
import type { Person } from '../core/approvals/rules.ts';
import { type Instant, secondsOf } from '../core/time.ts';

/** A request as Slack would send it to our endpoint. */
export interface SlackHttpRequest {
  headers: Record<string, string>;
  body: string;
}

/** What Slack knows of the app and its secret; the page never sees it. */
export interface SlackApp {
  signingSecret: string;
  app: string;
  team: string;
  channel: string;
}

/** A click on a button: the interaction payload, signed at this moment. */
export function clickRequest(
  app: SlackApp,
  click: { person: Person; actionId: string; value: string; ts: string },
  now: Instant,
): SlackHttpRequest {
  const { person } = click;
  const payload = {
    type: 'block_actions',
    api_app_id: app.app,
    team: { id: app.team, domain: 'sample' },
    user: { id: person.slack.user, username: person.id, team_id: person.slack.team },
    channel: { id: app.channel, name: 'access' },
    container: { type: 'message', message_ts: click.ts, channel_id: app.channel, is_ephemeral: false },
    trigger_id: `${secondsOf(now)}.1`,
    response_url: `https://hooks.slack.com/actions/${app.team}/local`,
    actions: [{ type: 'button', action_id: click.actionId, value: click.value, action_ts: `${secondsOf(now)}.000000` }],
  };
  return signed(app, new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), now);
}

/** `/leastwise TEXT`, typed by a person. */
export function commandRequest(app: SlackApp, typed: { person: Person; text: string }, now: Instant): SlackHttpRequest {
  const form = new URLSearchParams({
    command: '/leastwise',
    text: typed.text,
    api_app_id: app.app,
    team_id: typed.person.slack.team,
    user_id: typed.person.slack.user,
    user_name: typed.person.id,
    channel_id: app.channel,
    response_url: `https://hooks.slack.com/commands/${app.team}/local`,
    trigger_id: `${secondsOf(now)}.2`,
  });
  return signed(app, form.toString(), now);
}

function signed(app: SlackApp, body: string, now: Instant): SlackHttpRequest {
  const timestamp = String(secondsOf(now));
  return {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': sign(app.signingSecret, timestamp, Buffer.from(body)),
    },
    body,
  };
}
