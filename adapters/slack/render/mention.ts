import { type Look, personName } from './names.ts';

/** Calls somebody by name, so that Slack tells them; whoever has no account there is only named. */
const mention = (look: Look, id: string): string => {
  const user = look.configuration.people.find((person) => person.id === id)?.slack.user ?? '';
  return /^[UW][A-Z0-9]+$/.test(user) ? `<@${user}>` : personName(look, id);
};

const most = 20;

/** As many as fit, one after the other. */
export const mentions = (look: Look, ids: readonly string[]): string =>
  [
    ...ids.slice(0, most).map((id) => mention(look, id)),
    ...(ids.length > most ? [`and ${ids.length - most} more`] : []),
  ].join(' ');
