import { WebAPIPlatformError } from '@slack/web-api';
import type { SlackSurfaces } from '../../usecases/ports/slack-surfaces.ts';
import { retryAfter } from './retry-after.ts';
import { webClient } from './web-client.ts';

export interface Options {
  /** The bot token. */
  token: string;
  /** Resolves after so many seconds; absent: by the clock. */
  wait?(seconds: number): Promise<void>;
  /** Slack's, or a stand-in's. */
  apiUrl?: string | undefined;
}

/** What Slack says of a form that is not there. */
const gone = ['not_found', 'view_not_found'];

const byTheClock = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/** Forms and the app's page, by Slack's Web API. Either is safe to send again, so only a 429 is waited for. */
export function slackSurfaces({ token, wait = byTheClock, apiUrl }: Options): SlackSurfaces {
  const web = webClient({ token, apiUrl });
  return {
    async fill(form, view) {
      try {
        const where = 'key' in form ? { external_id: form.key } : { view_id: form.view };
        await retryAfter(() => web.views.update({ ...where, view }), wait);
        return true;
      } catch (fault) {
        if (fault instanceof WebAPIPlatformError && gone.includes(fault.data.error)) return false;
        throw fault;
      }
    },
    async publish(user, view) {
      await retryAfter(() => web.views.publish({ user_id: user, view }), wait);
    },
  };
}
