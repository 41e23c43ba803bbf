import { randomUUID } from 'node:crypto';
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
  click: { person: Person; actionId: string; value: string; ts: string; view?: OpenView | undefined },
  now: Instant,
): SlackHttpRequest {
  const { person } = click;
  const payload = {
    type: 'block_actions',
    api_app_id: app.app,
    team: { id: app.team, domain: 'sample' },
    user: { id: person.slack.user, username: person.id, team_id: person.slack.team },
    ...(click.view ? { view: viewIn(app, click.view) } : ofMessage(app, click.ts)),
    trigger_id: triggerOf(person),
    actions: [{ type: 'button', action_id: click.actionId, value: click.value, action_ts: `${secondsOf(now)}.000000` }],
  };
  return signed(app, new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), now);
}

/** A view that somebody has open. */
export interface OpenView {
  id: string;
  type: 'modal' | 'home';
  metadata: string;
}

const ofMessage = (app: SlackApp, ts: string) => ({
  channel: { id: app.channel, name: 'access' },
  container: { type: 'message', message_ts: ts, channel_id: app.channel, is_ephemeral: false },
  response_url: `https://hooks.slack.com/actions/${app.team}/local`,
});

/** What Slack tells of a view; `values` is what is filled in. */
const viewIn = (app: SlackApp, { id, type, metadata }: OpenView, values: unknown = {}) => ({
  id,
  type,
  app_id: app.app,
  private_metadata: metadata,
  state: { values },
});

/** Names whoever holds it, so that the page shows them the form that it opens. */
const triggerOf = ({ slack }: Person): string => `${slack.user}.${randomUUID()}`;

/** What somebody does in a form: sends it off, or types into one of its selects. */
export function formRequest(
  app: SlackApp,
  done: { person: Person; view: OpenView; values: unknown; typed?: { field: string; text: string } | undefined },
  now: Instant,
): SlackHttpRequest {
  const { person, view, values, typed } = done;
  const payload = {
    type: typed ? 'block_suggestion' : 'view_submission',
    api_app_id: app.app,
    team: { id: app.team, domain: 'sample' },
    user: { id: person.slack.user, username: person.id, team_id: person.slack.team },
    view: viewIn(app, view, values),
    ...(typed && { block_id: typed.field, action_id: 'leastwise:field', value: typed.text }),
  };
  return signed(app, new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), now);
}

/** Somebody opens the app's page. */
export function homeRequest(app: SlackApp, person: Person, now: Instant): SlackHttpRequest {
  const body = JSON.stringify({
    type: 'event_callback',
    event_id: `Ev${randomUUID()}`,
    event_time: secondsOf(now),
    api_app_id: app.app,
    team_id: person.slack.team,
    event: { type: 'app_home_opened', user: person.slack.user, tab: 'home', channel: 'D0', event_ts: '1.0' },
  });
  return signed(app, body, now, 'application/json');
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
    trigger_id: triggerOf(typed.person),
  });
  return signed(app, form.toString(), now);
}

function signed(
  app: SlackApp,
  body: string,
  now: Instant,
  type = 'application/x-www-form-urlencoded',
): SlackHttpRequest {
  const timestamp = String(secondsOf(now));
  return {
    headers: {
      'content-type': type,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': sign(app.signingSecret, timestamp, Buffer.from(body)),
    },
    body,
  };
}
