import { enqueueInto } from '../../adapters/aws/queue.ts';
import { configuration, now, queue, secret, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { type HttpEvent, receiveSlackHandler } from './handler.ts';

export const handler = entry(env, (environment, { count }) => {
  const { slack } = configuration();
  const { inbox } = stateStores(environment.STATE_TABLE);
  const signingSecret = secret(environment.SLACK_SIGNING_SECRET);
  const enqueue = enqueueInto(queue(environment.INBOX_QUEUE_URL));
  return async (event: HttpEvent) =>
    receiveSlackHandler({
      // Read anew, so that a rotated secret counts without a deployment.
      expected: { signingSecret: await signingSecret(), slack },
      inbox,
      enqueue,
      count: (refusal) => count(`Refused-${refusal}`),
      now,
    })(event);
});
