import * as z from 'zod/mini';
import { fail, ok, type Result } from '../../core/result.ts';
import type { Click, ReadSlack, SlackAsk, SlackInput, Surface } from '../../usecases/ports/slack-input.ts';
import { actionOf, type ButtonAction, isMinted, opensForm } from './buttons.ts';
import { readCommand } from './command.ts';
import { formIdOf, formIn } from './form-proof.ts';
import { type FilledForm, readForm } from './form-values.ts';
import { isJson, json } from './origin.ts';

const blockActions = z.object({
  type: z.literal('block_actions'),
  // The user's own team: in a shared channel it is not the workspace that the message stands in.
  user: z.object({ id: z.string(), team_id: z.string() }),
  channel: z.optional(z.object({ id: z.string() })),
  container: z.optional(z.object({ channel_id: z.optional(z.string()) })),
  response_url: z.optional(z.string()),
  trigger_id: z.optional(z.string()),
  view: z.nullish(z.object({ id: z.string(), type: z.string(), private_metadata: z._default(z.string(), '') })),
  actions: z.array(z.object({ action_id: z.string(), value: z.optional(z.string()) })).check(z.minLength(1)),
});

const submission = z.object({
  type: z.literal('view_submission'),
  user: z.object({ id: z.string(), team_id: z.string() }),
  view: z.object({ private_metadata: z.string(), state: z.object({ values: z.unknown() }) }),
});

const otherInteraction = z.object({
  type: z.string(),
  user: z.object({ id: z.string(), team_id: z.string() }),
});

const slashCommand = z.object({
  command: z.string(),
  text: z._default(z.string(), ''),
  team_id: z.string(),
  user_id: z.string(),
  channel_id: z.string(),
  response_url: z.optional(z.string()),
  trigger_id: z.optional(z.string()),
});

const event = z.object({
  team_id: z.string(),
  event: z.object({ type: z.string(), user: z.string(), tab: z.optional(z.string()) }),
});

const click = z.object({
  id: z.string().check(z.minLength(1), z.maxLength(256)),
  digest: z.string().check(z.maxLength(128)),
  nonce: z.string().check(z.maxLength(64)),
});

/** What proves that a button, or a form, was made by us. */
export interface Keys {
  buttons: string;
  forms: string;
}

/** Reads what somebody clicked, filled in or typed, out of a body whose signature, app and team were verified. */
export const readSlack =
  (keys: Keys): ReadSlack =>
  (body) => {
    if (isJson(body)) return readEvent(json(body));
    const form = new URLSearchParams(body);
    const payload = form.get('payload');
    return payload === null ? readSlash(Object.fromEntries(form)) : readInteraction(keys, json(payload));
  };

function readSlash(value: unknown): Result<SlackInput, string> {
  const { data, error } = z.safeParse(slashCommand, value);
  if (data === undefined) return fail(explain('a slash command', error));
  const ask = readCommand(data.text);
  return ok({
    from: { team: data.team_id, user: data.user_id },
    listener: { user: data.user_id, channel: data.channel_id, responseUrl: data.response_url ?? null },
    ask,
    ...surfaceOf(ask.type === 'open-form', data.trigger_id),
  });
}

/** Of the events only one is subscribed to: somebody opened the app's page. */
function readEvent(value: unknown): Result<SlackInput, string> {
  const { data, error } = z.safeParse(event, value);
  if (data === undefined) return fail(explain('an event', error));
  const { type, user, tab } = data.event;
  return ok({
    from: { team: data.team_id, user },
    listener: { user, channel: '', responseUrl: null },
    ask: { type: type === 'app_home_opened' && tab !== 'messages' ? 'show-home' : 'ignore' },
  });
}

function readInteraction(keys: Keys, value: unknown): Result<SlackInput, string> {
  const other = z.safeParse(otherInteraction, value);
  if (!other.success) return fail(explain('an interaction', other.error));
  if (other.data.type === 'view_submission') return readSubmission(keys, value);
  if (other.data.type !== 'block_actions') return ok(unknownKind(other.data));

  const { data, error } = z.safeParse(blockActions, value);
  if (data === undefined) return fail(explain('a click', error));
  const [pressed] = data.actions;
  const from = { team: data.user.team_id, user: data.user.id };
  const ask = pressed === undefined ? unknownButton : askOf(keys.buttons, pressed);
  return ok({
    from,
    listener: {
      user: data.user.id,
      channel: data.channel?.id ?? data.container?.channel_id ?? '',
      responseUrl: data.response_url ?? null,
    },
    ask,
    ...(data.view?.type === 'home' && { onHome: true as const }),
    ...(data.view?.type === 'modal'
      ? inForm(keys, from, data.view)
      : surfaceOf(opensForm(pressed?.action_id ?? ''), data.trigger_id)),
  });
}

/** A form that the trigger opened, under the key that everybody makes of the trigger. */
function surfaceOf(isOpened: boolean, trigger: string | undefined): { surface?: Surface } {
  if (!isOpened || trigger === undefined) return {};
  const id = formIdOf(trigger);
  return { surface: { form: { key: id }, id } };
}

/** The form in which something was pressed. */
function inForm(keys: Keys, from: SlackInput['from'], view: { id: string; private_metadata: string }) {
  const id = formIn(keys.forms, from, view.private_metadata);
  return id === undefined ? {} : { surface: { form: { view: view.id }, id } };
}

function readSubmission(keys: Keys, value: unknown): Result<SlackInput, string> {
  const { data, error } = z.safeParse(submission, value);
  if (data === undefined) return fail(explain('a form', error));
  const from = { team: data.user.team_id, user: data.user.id };
  const form = formIn(keys.forms, from, data.view.private_metadata);
  const filled = readForm(data.view.state.values);
  if (filled === undefined) return fail('a form whose view.state.values is not as Slack sends it');
  return ok({
    from,
    // A form stands in no channel, and brings no address to answer to.
    listener: { user: data.user.id, channel: '', responseUrl: null },
    ask: form === undefined ? foreignForm : requestIn(form, filled),
  });
}

const requestIn = (form: string, { target, actions, resources, duration, reason }: FilledForm): SlackAsk => ({
  type: 'request-access',
  form,
  target,
  actions,
  resources,
  duration,
  reason,
});

const foreignForm: SlackAsk = {
  type: 'explain',
  words: 'This form was not filled for you by this Leastwise. Nothing was asked for.',
};

const unknownKind = ({ user, type }: z.infer<typeof otherInteraction>): SlackInput => ({
  from: { team: user.team_id, user: user.id },
  listener: { user: user.id, channel: '', responseUrl: null },
  ask: { type: 'explain', words: `Leastwise does not know what to do with ${type.slice(0, 40)}.` },
});

const unknownButton: SlackAsk = {
  type: 'explain',
  words: 'Leastwise does not know this button. Nothing was done; please use the newest message.',
};

const foreignButton: SlackAsk = {
  type: 'explain',
  words: 'This button was not made by this Leastwise, or is too old. Nothing was done; please use the newest message.',
};

function askOf(nonceKey: string, pressed: { action_id: string; value?: string | undefined }): SlackAsk {
  const action = actionOf(pressed.action_id);
  if (action === undefined) return unknownButton;
  const { data } = z.safeParse(click, json(pressed.value ?? ''));
  if (data === undefined || !isMinted(nonceKey, action, data)) return foreignButton;
  return asks[action](data);
}

const asks: Readonly<Record<ButtonAction, (click: Click) => SlackAsk>> = {
  'case:expected': (it) => ({ type: 'answer-case', answer: 'expected', click: it }),
  'case:not-us': (it) => ({ type: 'answer-case', answer: 'not-us', click: it }),
  'case:mute': (it) => ({ type: 'answer-case', answer: 'muted', click: it }),
  'case:lend': (it) => ({ type: 'lend-instead', click: it }),
  'change:approve': (it) => ({ type: 'decide-change', verdict: 'approve', click: it }),
  'change:deny': (it) => ({ type: 'decide-change', verdict: 'deny', click: it }),
  'change:undo': (it) => ({ type: 'undo-change', click: it }),
  'change:open': (it) => ({ type: 'open-change', click: it }),
  'lease:revoke': (it) => ({ type: 'end-lease', click: it }),
  'lease:extend': (it) => ({ type: 'extend-lease', click: it }),
  'lease:accept': (it) => ({ type: 'answer-for-residue', click: it }),
  'form:denials': () => ({ type: 'open-form', about: { kind: 'denials' } }),
  'form:denial': ({ id }) => ({ type: 'open-form', about: { kind: 'denial', id } }),
  'form:case': ({ id }) => ({ type: 'open-form', about: { kind: 'case', id } }),
  'form:blank': () => ({ type: 'open-form', about: { kind: 'blank', reason: '' } }),
  'freeze:lift': (it) => ({ type: 'lift-freeze', click: it }),
  'rules:object': (it) => ({ type: 'object-to-rules', click: it }),
  'enrolment:refuse': (it) => ({ type: 'refuse-enrolment', click: it }),
};

/** Names the first field that is wrong, never its value. */
function explain(what: string, error: z.core.$ZodError): string {
  const [issue] = error.issues;
  const field = issue?.path.join('.') || 'the body';
  return `${what} whose ${field} is not as Slack sends it: ${issue?.message ?? 'unreadable'}`;
}
