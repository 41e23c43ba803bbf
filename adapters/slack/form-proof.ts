import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SlackInput } from '../../usecases/ports/slack-input.ts';

type Who = SlackInput['from'];

/** Names a form: whoever hears of the interaction that opened it, now or from the queue, makes the same of it. */
export const formIdOf = (trigger: string): string => createHash('sha256').update(`form:${trigger}`).digest('hex');

/** The key for forms, made from the bot token: what opens, takes in, and fills a form has that in common. */
export const formKeyOf = (token: string): string =>
  token === '' ? '' : createHmac('sha256', token).update('leastwise forms').digest('hex');

/** What a form carries along, so that it is known again: which form, and that it was filled for exactly this user. */
export const proveForm = (key: string, { team, user }: Who, form: string): string =>
  `${form}.${createHmac('sha256', key)
    .update(JSON.stringify(['form', team, user, form]))
    .digest('hex')}`;

/** The form's id where what it carries was made by us for this user; else undefined. */
export function formIn(key: string, from: Who, metadata: string): string | undefined {
  const form = /^([0-9a-f]{64})\.[0-9a-f]{64}$/.exec(metadata)?.[1];
  if (key === '' || form === undefined) return undefined;
  return timingSafeEqual(Buffer.from(metadata), Buffer.from(proveForm(key, from, form))) ? form : undefined;
}
