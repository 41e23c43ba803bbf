import * as z from 'zod/mini';
import type { AtOnce } from '../../usecases/ports/slack-surfaces.ts';
import { opensForm } from './buttons.ts';
import { readCommand } from './command.ts';
import { formIdOf } from './form-proof.ts';
import { formFaults, readForm } from './form-values.ts';
import { challengeIn, json } from './origin.ts';

const submission = z.object({
  type: z.literal('view_submission'),
  view: z.object({ state: z.object({ values: z.unknown() }) }),
});
const pressed = z.object({
  type: z.literal('block_actions'),
  trigger_id: z.string(),
  view: z.nullish(z.object({ type: z.string() })),
  actions: z.array(z.object({ action_id: z.string() })),
});

/**
 * What a verified request needs within Slack's three seconds beside being kept, without asking anybody: an answer, or a
 * form to be opened by a trigger that does not live longer. An answer is all there is to such a request.
 */
export const atOnce =
  (limits: { maxHours: number }) =>
  (body: string): AtOnce => {
    const challenge = challengeIn(body);
    if (challenge !== undefined) return { answer: { challenge } };
    const form = new URLSearchParams(body);
    const payload = form.get('payload');
    if (payload === null) return ofCommand(form);
    const value = json(payload);
    const press = z.safeParse(pressed, value).data;
    if (press) return ofPress(press);
    const submitted = z.safeParse(submission, value).data;
    if (submitted) return ofSubmission(submitted.view.state.values, limits);
    // Options are asked for elsewhere, and nothing of what somebody types there is kept.
    return z.safeParse(z.object({ type: z.literal('block_suggestion') }), value).success
      ? { answer: { options: [] } }
      : {};
  };

function ofCommand(form: URLSearchParams): AtOnce {
  const trigger = form.get('trigger_id');
  const { type } = readCommand(form.get('text') ?? '');
  return trigger !== null && type === 'open-form' ? opening(trigger) : {};
}

/** In a form that is open already, another view takes its place. */
const ofPress = ({ actions, trigger_id: trigger, view }: z.infer<typeof pressed>): AtOnce =>
  actions.some(({ action_id: id }) => opensForm(id)) && view?.type !== 'modal' ? opening(trigger) : {};

const opening = (trigger: string): AtOnce => ({ opens: { trigger, form: formIdOf(trigger) } });

function ofSubmission(values: unknown, limits: { maxHours: number }): AtOnce {
  const filled = readForm(values);
  const errors = filled && formFaults(filled, limits);
  return errors ? { answer: { response_action: 'errors', errors } } : {};
}
