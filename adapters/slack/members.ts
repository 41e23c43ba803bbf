import { WebAPIPlatformError } from '@slack/web-api';
import type { SlackMembers, Standing } from '../../usecases/ports/slack.ts';
import { webClient } from './web-client.ts';

export interface Options {
  /** The bot token; its scope `users:read` is what this needs. */
  token: string;
  /** Slack's, or a stand-in's. */
  apiUrl?: string | undefined;
}

/** What Slack says of somebody it does not know, or does not show to us. */
const strangers = ['user_not_found', 'user_not_visible', 'users_not_found'];

/** Asks Slack who somebody is, every time: whoever was deactivated a minute ago decides nothing. */
export function slackMembers({ token, apiUrl }: Options): SlackMembers {
  const web = webClient({ token, apiUrl });
  return {
    async standing({ team, user: id }) {
      try {
        const { user } = await web.users.info({ user: id });
        return user === undefined ? 'stranger' : standingOf(user, team);
      } catch (fault) {
        if (!(fault instanceof WebAPIPlatformError)) throw fault;
        if (strangers.includes(fault.data.error)) return 'stranger';
        if (fault.data.error === 'missing_scope') return 'unseen';
        throw fault;
      }
    },
  };
}

interface User {
  deleted?: boolean;
  is_bot?: boolean;
  is_restricted?: boolean;
  is_ultra_restricted?: boolean;
  is_stranger?: boolean;
  team_id?: string;
  enterprise_user?: { teams?: string[] };
}

function standingOf(user: User, team: string): Standing {
  if (user.deleted) return 'deactivated';
  const isTheirs = user.team_id === team || user.enterprise_user?.teams?.includes(team) === true;
  if (user.is_stranger || user.is_bot || !isTheirs) return 'stranger';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}
