import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Button } from '@slack/types';
import type { Click } from '../../usecases/ports/slack-input.ts';
import { limits, plain } from './render/text.ts';

/** Everything a button may ask for; `action_id` is `leastwise:` and this. */
const buttonActions = [
  'case:expected',
  'case:not-us',
  'case:mute',
  'case:lend',
  'change:approve',
  'change:deny',
  'change:undo',
  'change:open',
  'lease:revoke',
  'lease:extend',
  'lease:accept',
  'enrolment:refuse',
  'rules:object',
  'freeze:lift',
  'form:blank',
  'form:denials',
  'form:denial',
  'form:case',
] as const;
export type ButtonAction = (typeof buttonActions)[number];

const prefix = 'leastwise:';

/** The action behind an `action_id`; undefined when it is none of ours. */
export const actionOf = (actionId: string): ButtonAction | undefined =>
  buttonActions.find((action) => prefix + action === actionId);

/** Whether what somebody pressed asks for a form. Whether it is a button of ours is found out when it is carried out. */
export const opensForm = (actionId: string): boolean => actionOf(actionId)?.startsWith('form:') ?? false;

/**
 * Made from what is shown, so that an unchanged view has unchanged buttons, and with a key, so that nobody who merely
 * knows ids can make one. A new version of the aggregate brings a new nonce.
 */
export const mintNonce = (key: string, action: ButtonAction, id: string, digest: string, version: number): string =>
  `${version}.${createHmac('sha256', key)
    .update(JSON.stringify([action, id, digest, version]))
    .digest('hex')
    .slice(0, 32)}`;

/** Whether the nonce is one that we put into a button for exactly this action, thing and digest. */
export function isMinted(key: string, action: ButtonAction, click: Click): boolean {
  const version = /^(\d{1,9})\.[0-9a-f]{32}$/.exec(click.nonce)?.[1];
  if (key === '' || version === undefined) return false;
  const expected = mintNonce(key, action, click.id, click.digest, Number(version));
  return expected.length === click.nonce.length && timingSafeEqual(Buffer.from(expected), Buffer.from(click.nonce));
}

/** The key for nonces, made from a secret that is used for nothing else. */
export const nonceKeyOf = (token: string): string =>
  token === '' ? '' : createHmac('sha256', token).update('leastwise button nonces').digest('hex');

/** What a button is about. */
export interface Subject {
  id: string;
  digest: string;
  version: number;
}

export interface ButtonLook {
  text: string;
  style?: 'primary' | 'danger';
}

/** A button that carries an opaque value `{id, digest, nonce}`. */
export function button(key: string, action: ButtonAction, subject: Subject, look: ButtonLook): Button {
  const { id, digest, version } = subject;
  const click: Click = { id, digest, nonce: mintNonce(key, action, id, digest, version) };
  return {
    type: 'button',
    action_id: prefix + action,
    text: plain(look.text, limits.buttonText),
    value: JSON.stringify(click),
    ...(look.style && { style: look.style }),
  };
}
