import { proveForm } from '../../../adapters/slack/form-proof.ts';
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

/** The key with which the forms of these tests are proved. */
export const formKey = 'a form key of this test';

interface InForm {
  user?: string;
  over?: Record<string, unknown>;
  view?: Record<string, unknown>;
}

/** The payload of something that somebody does in a form that was filled for them. */
const inForm = (type: string, { user = 'U1', over = {}, view = {} }: InForm): string =>
  new URLSearchParams({
    payload: JSON.stringify({
      type,
      api_app_id: app,
      team: { id: team, domain: 'example' },
      enterprise: null,
      is_enterprise_install: false,
      user: { id: user, username: 'somebody', team_id: team },
      trigger_id: '1.2.3',
      view: {
        id: 'V1',
        type: 'modal',
        app_id: app,
        callback_id: 'request',
        private_metadata: proveForm(formKey, { team, user }, aForm),
        state: { values: {} },
        ...view,
      },
      ...over,
    }),
  }).toString();

/** A form's id. */
const aForm = 'f'.repeat(64);

/** What is filled into a form, as Slack tells it. */
export const filledIn = (over: Record<string, unknown> = {}): Record<string, unknown> => {
  const options = (...values: string[]) => ({ selected_options: values.map((value) => ({ value })) });
  const fields: Record<string, unknown> = {
    carrier: { type: 'external_select', selected_option: { value: 'arn:aws:iam::111122223333:user/ana' } },
    actions: { type: 'multi_external_select', ...options('s3:GetObject') },
    resources: { type: 'multi_external_select', ...options('arn:aws:s3:::logs/*') },
    more: { type: 'plain_text_input', value: null },
    duration: { type: 'static_select', selected_option: { value: '3600' } },
    reason: { type: 'plain_text_input', value: 'the nightly job failed' },
    ...over,
  };
  return Object.fromEntries(Object.entries(fields).map(([block, value]) => [block, { 'leastwise:field': value }]));
};

/** Somebody sends a form off. */
export const sentOff = (values: Record<string, unknown> = filledIn(), more: InForm = {}): string =>
  inForm('view_submission', { ...more, view: { state: { values }, ...more.view } });

/** Somebody types into a select of a form. */
export const suggesting = (field: string, value: string, more: InForm = {}): string =>
  inForm('block_suggestion', {
    ...more,
    over: { block_id: field, action_id: 'leastwise:field', value, ...more.over },
  });

/** An event, as Slack posts it: JSON, not a form. */
export const happened = (event: Record<string, unknown>, over: Record<string, unknown> = {}): string =>
  JSON.stringify({
    token: 'x',
    team_id: team,
    api_app_id: app,
    type: 'event_callback',
    event_id: 'Ev1',
    event_time: 1,
    event,
    ...over,
  });

/** The same request, sent as JSON. */
export const asJson = (request: SignedRequest): SignedRequest => ({
  ...request,
  headers: { ...request.headers, 'content-type': 'application/json' },
});
