import { identityCalls } from '../../adapters/aws/identity-calls.ts';
import { enqueueInto } from '../../adapters/aws/queue.ts';
import { isCode } from '../../adapters/slack/enrolment-code.ts';
import { configuration, now, queue, secret, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { type HttpEvent, receiveSignedHandler } from './handler.ts';

export const handler = entry(env, (environment, { count }) => {
  const settings = configuration();
  const { inbox, nonces } = stateStores(environment.STATE_TABLE);
  const key = secret(environment.BUTTON_KEY_SECRET);
  return async (event: HttpEvent) => {
    const buttonKey = await key();
    return receiveSignedHandler({
      configuration: settings,
      isCode: (code, to, at) => isCode(buttonKey, code, to, at),
      nonces,
      // In the local stage the stack names a stand-in.
      calls: identityCalls({ standIn: process.env.LEASTWISE_STS_URL }),
      inbox,
      enqueue: enqueueInto(queue(environment.INBOX_QUEUE_URL)),
      count: (refusal) => count(`Refused-${refusal}`),
      now,
    })(event);
  };
});
