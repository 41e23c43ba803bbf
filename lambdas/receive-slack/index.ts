import { enqueueInto } from '../../adapters/aws/queue.ts';
import { formKeyOf } from '../../adapters/slack/form-proof.ts';
import { formOpener } from '../../adapters/slack/open-form.ts';
import { configuration, now, queue, secret, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { type HttpEvent, receiveSlackHandler } from './handler.ts';

export const handler = entry(env, (environment, { count, logger }) => {
  const { slack, lending } = configuration();
  const { inbox } = stateStores(environment.STATE_TABLE);
  const signingSecret = secret(environment.SLACK_SIGNING_SECRET);
  const token = secret(environment.SLACK_TOKEN_SECRET);
  const enqueue = enqueueInto(queue(environment.INBOX_QUEUE_URL));
  return async (event: HttpEvent) => {
    // Read anew, so that a rotated secret counts without a deployment.
    const [signing, bot] = await Promise.all([signingSecret(), token()]);
    return receiveSlackHandler({
      expected: { signingSecret: signing, formKey: formKeyOf(bot), slack },
      lending,
      inbox,
      enqueue,
      openForm: formOpener({ token: bot, apiUrl: process.env.LEASTWISE_SLACK_API_URL }),
      unopened: (fault) => {
        logger.warn('no form was opened', { fault: String(fault) });
        count('Unopened-forms');
      },
      count: (refusal) => count(`Refused-${refusal}`),
      now,
    })(event);
  };
});
