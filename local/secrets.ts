import { randomBytes } from 'node:crypto';
import { nonceKeyOf } from '../adapters/slack/buttons.ts';
import { formKeyOf } from '../adapters/slack/form-proof.ts';

/** Known to this process alone and gone with it. */
export interface Secrets {
  /** Slack's signing secret. */
  signing: string;
  /** The key of the buttons' nonces. */
  buttons: string;
  /** The key of what forms carry along. */
  forms: string;
}

export const freshSecrets = (): Secrets => ({
  signing: randomBytes(32).toString('hex'),
  buttons: nonceKeyOf(randomBytes(32).toString('hex')),
  forms: formKeyOf(randomBytes(32).toString('hex')),
});
