import type { SQSEvent } from 'aws-lambda';
import { slackViews } from '../../adapters/slack/render/views.ts';
import { deadLetters, failed, ledgerStore, now, pictures, secret, slack, stateStores, withPeople } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { showMessagesHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const state = stateStores(environment.STATE_TABLE);
  const token = secret(environment.SLACK_TOKEN_SECRET);
  const buttonKey = secret(environment.BUTTON_KEY_SECRET);
  // Whoever enrolled is called by name, and what they used can be lent to them.
  return withPeople(
    state,
    (settings) => async (event: SQSEvent) =>
      showMessagesHandler({
        ...state,
        ledger: ledgerStore(environment.LEDGER_TABLE),
        deadLetters: deadLetters(environment.DEAD_LETTERS_QUEUE_URL),
        failed: failed(tools),
        slack: slack({ token: await token(), app: settings.slack.app }),
        pictures: pictures(await token(), failed(tools)),
        views: slackViews({ configuration: settings, nonceKey: await buttonKey() }),
        channel: settings.slack.channel,
        configuration: settings,
        now,
      })(event),
  );
});
