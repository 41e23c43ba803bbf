import type { ActionsBlock, Button, KnownBlock } from '@slack/types';
import type { ChannelMessage } from '../adapters/memory/slack.ts';
import type { Person } from '../core/approvals/rules.ts';
import { clickRequest, commandRequest, type SlackApp } from './slack-clicks.ts';
import type { System } from './system.ts';

/** The channel as people use it: they read messages, press buttons that stand there, and type commands. */
export interface Channel {
  messages(): readonly ChannelMessage[];
  /** The message of a thing, by the store's key, e.g. `change/chg-…`. */
  about(key: string): ChannelMessage | undefined;
  /** Buttons that a message shows now. */
  buttons(message: ChannelMessage): readonly Button[];
  /** Presses a button as a person; resolves to the endpoint's status. */
  press(person: Person, button: { action_id: string; value: string }, ts: string): Promise<number>;
  type(person: Person, text: string): Promise<number>;
  /** What a person alone was told, newest last. */
  toldTo(person: Person): readonly string[];
}

export function channelOf(system: System): Channel {
  const { configuration, clock, stores, secrets } = system;
  const app: SlackApp = { ...configuration.slack, signingSecret: secrets.signing };
  const messages = () => stores.slack.messages(app.channel);
  const send = async (request: ReturnType<typeof clickRequest>) => {
    const { status } = await system.slack(request);
    await system.settle();
    return status;
  };
  return {
    messages,
    about: (key) => messages().findLast((message) => message.key === key),
    buttons: (message) => message.blocks.flatMap(buttonsIn),
    press: (person, { action_id: actionId, value }, ts) =>
      send(clickRequest(app, { person, actionId, value, ts }, clock.now())),
    type: (person, text) => send(commandRequest(app, { person, text }, clock.now())),
    toldTo: (person) =>
      stores.slack
        .whispers()
        .filter(({ to }) => to.user === person.slack.user)
        .map(({ text }) => text),
  };
}

const buttonsIn = (block: KnownBlock): Button[] =>
  isActions(block) ? block.elements.filter((element): element is Button => element.type === 'button') : [];

const isActions = (block: KnownBlock): block is ActionsBlock => block.type === 'actions';
