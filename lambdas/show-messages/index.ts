import type { SQSEvent } from 'aws-lambda';
import { slackClient } from '../../adapters/slack/client.ts';
import { slackViews } from '../../adapters/slack/render/views.ts';
import { configuration, deadLetters, failed, ledgerStore, now, secret, stateStores, wait } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { showMessagesHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const settings = configuration();
  const state = stateStores(environment.STATE_TABLE);
  const token = secret(environment.SLACK_TOKEN_SECRET);
  const buttonKey = secret(environment.BUTTON_KEY_SECRET);
  return async (event: SQSEvent) =>
    showMessagesHandler({
      ...state,
      ledger: ledgerStore(environment.LEDGER_TABLE),
      deadLetters: deadLetters(environment.DEAD_LETTERS_QUEUE_URL),
      failed: failed(tools),
      slack: slackClient({ token: await token(), app: settings.slack.app, wait }),
      views: slackViews({ configuration: settings, nonceKey: await buttonKey() }),
      channel: settings.slack.channel,
      now,
    })(event);
});
