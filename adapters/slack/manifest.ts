import type { AppsManifestValidateArguments } from '@slack/web-api';

/** A manifest as Slack takes it, as JSON. */
type SlackManifest = AppsManifestValidateArguments['manifest'];

export interface AppPlace {
  /** Where Slack is to send commands, clicks and events. What its selects ask goes to the same with `/options`. */
  requestUrl: string;
  /** The channel's kind decides which history may be read. */
  channel: 'public' | 'private';
}

/**
 * The app that Leastwise is in Slack, with no scope that it does not use: it posts and updates its own messages, with
 * a picture beside some, takes
 * its command, and reads back the one channel that it is in, to find a message whose place it did not note.
 */
export const slackManifest = ({ requestUrl, channel }: AppPlace): SlackManifest => ({
  display_information: {
    name: 'Leastwise',
    description: 'Least privilege for AWS: asks about what is new, lends access, and takes it back.',
    background_color: '#1f2937',
  },
  features: {
    app_home: { home_tab_enabled: true, messages_tab_enabled: false },
    bot_user: { display_name: 'leastwise', always_online: false },
    slash_commands: [
      {
        command: '/leastwise',
        url: requestUrl,
        description: 'Asks for access that ends by itself, and turns the switches',
        usage_hint: 'help',
        should_escape: false,
      },
    ],
  },
  oauth_config: {
    scopes: {
      bot: [
        'chat:write',
        'commands',
        'files:write',
        'users:read',
        channel === 'public' ? 'channels:history' : 'groups:history',
      ],
    },
  },
  settings: {
    interactivity: { is_enabled: true, request_url: requestUrl, message_menu_options_url: `${requestUrl}/options` },
    event_subscriptions: { request_url: requestUrl, bot_events: ['app_home_opened'] },
    org_deploy_enabled: false,
    socket_mode_enabled: false,
    token_rotation_enabled: false,
  },
});
